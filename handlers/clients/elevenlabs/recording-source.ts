import type { Readable } from "node:stream";

/** A source of recordings that were not delivered: ElevenLabs' REST API. */
export interface RecordingSource {
  /**
   * The recording of a conversation as a stream of at least one byte; `undefined` if there is none yet, or never will
   * be; `"no conversation"` if the conversation itself is unknown.
   *
   * The stream fails if the connection is cut, stalls, or ends before the promised length.
   *
   * @throws when the service refuses, fails or does not answer in time.
   */
  recording(conversationId: string): Promise<Readable | "no conversation" | undefined>;
}
