import type { Readable } from "node:stream";
import { type ElevenLabsOptions, elevenLabsApi } from "./elevenlabs-api.client.ts";
import type { RecordingSource } from "./recording-source.ts";
import { ServiceUnavailable, whileTryingTo } from "./service-errors.ts";
import { unstalled } from "./unstalled.ts";

/** How long a recording that has begun may pause, if nobody says otherwise. */
const STALL_MS = 30_000;

/** A recording is sent as `audio/mpeg`; a proxy that does not know that says only that it is bytes. */
const RECORDING_TYPE = /^(audio\/[\w.+-]+|(application|binary)\/octet-stream)\s*(;|$)/i;

/**
 * Recordings from ElevenLabs' REST API.
 *
 * Its errors are `ServiceRefused` and `ServiceUnavailable`, and name the conversation. A recording that has
 * begun is not asked for again: who reads it must begin anew.
 *
 * @throws Error if the key cannot be one.
 */
export function elevenLabsRecordings(options: ElevenLabsOptions): RecordingSource {
  const api = elevenLabsApi(options);
  const { stallMs = STALL_MS } = options;

  async function recording(conversationId: string): Promise<Readable | undefined> {
    const path = `/v1/convai/conversations/${encodeURIComponent(conversationId)}/audio`;
    const body = await api(path, recordingBody);
    return body && unstalled(body, stallMs, `the recording of ${conversationId}`);
  }

  return {
    recording: (conversationId) =>
      whileTryingTo(`fetch the recording of ${conversationId}`, () => recording(conversationId)),
  };
}

async function recordingBody(response: Response): Promise<ReadableStream<Uint8Array>> {
  const type = response.headers.get("content-type") ?? "nothing";
  if (response.body && RECORDING_TYPE.test(type)) return response.body;
  await response.body?.cancel();
  throw new ServiceUnavailable(`ElevenLabs answered with ${type}, which is no recording`, { status: response.status });
}
