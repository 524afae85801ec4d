import type { Row } from "./table.ts";

/** What was signed and kept, though not with a call: its type or shape is not known, or it was signed too long ago. */
export const unroutedDeliveries = {
  name: "unrouted",
  grain: "one row per unrouted or quarantined object; its day is that of its receipt",
  columns: {
    conversation_id: { type: "string", required: true, comment: "the conversation it names, else the name it has" },
    event_type: { type: "string", comment: "the type that it states; not-json or untyped where it states none" },
    place: { type: "string", comment: "other: not known to this version; quarantine: not signed recently" },
    reason: { type: "string", comment: "why it is not filed with its call" },
    received_at: { type: "timestamp", comment: "when the archive received these bytes, UTC" },
    source: { type: "string", comment: "how they came: webhook, api or re-upload" },
    raw_key: { type: "string", comment: "key of the JSON in the archive" },
    raw_bytes: { type: "bigint", comment: "its size in bytes" },
    raw_sha256: { type: "string", comment: "its SHA-256, hexadecimal" },
    processor_version: { type: "string", comment: "version of the rules that made this row" },
  },
} as const;

export type UnroutedRow = Row<typeof unroutedDeliveries>;
