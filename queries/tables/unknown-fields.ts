import type { Row } from "./table.ts";

/** What ElevenLabs sends that no table carries and that nobody has looked at yet: the raw JSON has it. */
export const unknownFields = {
  name: "unknown_fields",
  grain: "one row per conversation and field that this version does not know",
  columns: {
    conversation_id: { type: "string", required: true, comment: "the conversation it was seen in" },
    field: { type: "string", comment: "where it stands, as data.metadata.name; [] for the entries of a list" },
    json_type: { type: "string", comment: "what it holds: string, number, boolean, object, array or null" },
    seen_count: { type: "int", comment: "how often it was seen in the conversation" },
    agent_id: { type: "string", comment: "the agent that took the call" },
    raw_key: { type: "string", comment: "key of the JSON in the archive" },
  },
} as const;

export type UnknownFieldRow = Row<typeof unknownFields>;
