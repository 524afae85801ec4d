import type { Row } from "./table.ts";

/** The fields from ElevenLabs that this version does not know, or cannot read. Their values are in the raw JSON only. */
export const unknownFields = {
  name: "unknown_fields",
  grain:
    "one row per conversation and field that this version does not know, and per field and word for NaN and Infinity",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    field: { type: "string", comment: "path of the field, as data.metadata.name; [] for the entries of a list" },
    json_type: {
      type: "string",
      comment: "JSON type of its value: string, number, boolean, object, array or null; or NaN, Infinity, -Infinity",
    },
    seen_count: { type: "int", comment: "number of occurrences in the conversation" },
    agent_id: { type: "string", comment: "the agent that took the call" },
    raw_key: { type: "string", comment: "key of the JSON in the archive" },
  },
} as const;

export type UnknownFieldRow = Row<typeof unknownFields>;
