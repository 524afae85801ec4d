import type { Row } from "./table.ts";

/** The dynamic variables of the calls, by which customers join calls to their own records. */
export const variables = {
  name: "variables",
  grain: "one row per conversation and dynamic variable, except those whose name begins with secret__",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    name: { type: "string", comment: "name of the variable; ElevenLabs' own begin with system__" },
    value: { type: "string", comment: "its last value, as text; lists and objects as JSON" },
    value_type: { type: "string", comment: "JSON type of the value: string, number, boolean, object, array or null" },
    source: { type: "string", comment: "initiation: set when the call began; tool: changed by a tool during the call" },
    agent_id: { type: "string", comment: "the agent that took the call" },
  },
} as const;

export type VariableRow = Row<typeof variables>;
