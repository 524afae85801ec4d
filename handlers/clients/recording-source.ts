import type { Readable } from "node:stream";

/** Where a recording can be fetched that was not delivered: ElevenLabs' REST API. */
export interface RecordingSource {
  /**
   * The MP3 of a conversation as a stream, or `undefined` if there is none.
   *
   * The stream fails if the connection is cut, stalls, or ends before the promised length.
   *
   * @throws when the service refuses, fails or does not answer in time.
   */
  recording(conversationId: string): Promise<Readable | undefined>;
}
