import type { Row } from "./table.ts";

/** The recordings that the archive holds. */
export const recordings = {
  name: "recordings",
  grain: "one row per stored MP3",
  columns: {
    conversation_id: { type: "string", required: true, comment: "the conversation it belongs to" },
    audio_key: { type: "string", comment: "key of the MP3 in the archive" },
    audio_bytes: { type: "bigint", comment: "its size in bytes" },
    duration_secs: { type: "double", comment: "its length in seconds, counted frame by frame" },
    bitrate_kbps: { type: "double", comment: "its mean bit rate in kilobits per second" },
    source: { type: "string", comment: "where it came from: embedded, webhook or api" },
    stored_at: { type: "timestamp", comment: "when it was first stored, UTC" },
    agent_id: { type: "string", comment: "the agent that took the call" },
  },
} as const;

export type RecordingRow = Row<typeof recordings>;
