import type { Row } from "./table.ts";

/** The recordings in the archive. */
export const recordings = {
  name: "recordings",
  grain: "one row per stored MP3",
  columns: {
    conversation_id: { type: "string", required: true, comment: "id of the conversation" },
    audio_key: { type: "string", comment: "key of the MP3 in the archive" },
    audio_bytes: { type: "bigint", comment: "size of the MP3 in bytes" },
    duration_secs: { type: "double", comment: "length of the recording in seconds, counted frame by frame" },
    bitrate_kbps: { type: "double", comment: "mean bit rate in kilobits per second" },
    source: { type: "string", comment: "source of the recording: embedded, webhook or api" },
    stored_at: { type: "timestamp", comment: "when the archive first stored the MP3, UTC" },
    agent_id: { type: "string", comment: "the agent that took the call" },
  },
} as const;

export type RecordingRow = Row<typeof recordings>;
