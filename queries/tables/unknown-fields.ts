import type { Row } from "./table.ts";

/** The fields from ElevenLabs that have no column: unknown to this version, or known and unmapped. */
export const unknownFields = {
  name: "unknown_fields",
  grain: "one row per conversation, status and field that is in the raw JSON only",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    field: { type: "string", comment: "path of the field, as data.metadata.name; [] for the entries of a list" },
    status: {
      type: "string",
      comment:
        "unknown: new to this version; unmapped: known, without a column; invalid: NaN or Infinity, read as null",
    },
    json_type: {
      type: "string",
      comment: "JSON type of its value: string, number, boolean, object, array, null, NaN, Infinity or -Infinity",
    },
    seen_count: { type: "int", comment: "number of occurrences in the conversation" },
    agent_id: { type: "string", comment: "the agent that took the call" },
    raw_key: { type: "string", comment: "key of the JSON in the archive" },
  },
} as const;

export type UnknownFieldRow = Row<typeof unknownFields>;
