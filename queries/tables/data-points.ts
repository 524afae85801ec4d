import type { Row } from "./table.ts";

/** The values that the agent was asked to collect. */
export const dataPoints = {
  name: "data_points",
  grain: "one row per conversation and collected value",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    name: { type: "string", comment: "name of the value" },
    value: { type: "string", comment: "the value as text; null if it was not found" },
    value_type: { type: "string", comment: "configured type of the value: string, boolean, integer or number" },
    rationale: { type: "string", comment: "explanation of where the value was found in the call" },
    scope: { type: "string", comment: "conversation, or agent for the value of one agent of a transferred call" },
    agent_id: { type: "string", comment: "the agent that collected the value" },
  },
} as const;

export type DataPointRow = Row<typeof dataPoints>;
