/** The columns of a row that was made from one JSON object: where it is, when and how it came, and what it contained. */
export const JSON_COLUMNS = {
  received_at: { type: "timestamp", comment: "when the archive received the JSON, UTC" },
  source: { type: "string", comment: "source of the JSON: webhook, api or re-upload" },
  raw_key: { type: "string", comment: "key of the JSON in the archive" },
  raw_bytes: { type: "bigint", comment: "size of the JSON in bytes" },
  raw_sha256: { type: "string", comment: "SHA-256 of the JSON, hexadecimal" },
  processor_version: { type: "string", comment: "version of the rules that produced this row" },
} as const;
