import type { Row } from "./table.ts";

/** What the agent was asked to find out, and found. */
export const dataPoints = {
  name: "data_points",
  grain: "one row per conversation and collected value",
  columns: {
    conversation_id: { type: "string", required: true, comment: "the conversation it belongs to" },
    name: { type: "string", comment: "name of the value" },
    value: { type: "string", comment: "the value as text; null if it was not found" },
    value_type: { type: "string", comment: "type the customer asked for: string, boolean, integer, number" },
    rationale: { type: "string", comment: "where in the call it was found" },
    agent_id: { type: "string", comment: "the agent that collected it" },
  },
} as const;

export type DataPointRow = Row<typeof dataPoints>;
