import type { RecordingRow } from "../../../queries/tables/recordings.ts";
import { number, text } from "../json.ts";

/** A stored MP3 and its metadata. */
export interface StoredMp3 {
  readonly key: string;
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: Date;
}

/** The row of a stored MP3, from its metadata. */
export function recordingRow(mp3: StoredMp3, conversationId: string, agentId: string | null): RecordingRow {
  const storedAt = new Date(mp3.metadata["stored-at"] ?? mp3.lastModified);
  return {
    conversation_id: conversationId,
    audio_key: mp3.key,
    audio_bytes: BigInt(mp3.size),
    duration_secs: number(mp3.metadata["duration-secs"]),
    bitrate_kbps: number(mp3.metadata["bitrate-kbps"]),
    source: text(mp3.metadata["source"]),
    stored_at: storedAt,
    agent_id: agentId,
  };
}
