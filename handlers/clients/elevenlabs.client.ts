import type { Readable } from "node:stream";
import { apiKey } from "./api-key.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { RecordingSource } from "./recording-source.ts";
import { retryingFetch, type Service } from "./retrying-fetch.client.ts";
import { ServiceRefused, ServiceUnavailable, whileTryingTo } from "./service-errors.ts";
import { unstalled } from "./unstalled.ts";

export interface ElevenLabsOptions {
  readonly apiKey: string;
  readonly baseUrl?: string;
  /** How long one attempt may take until the recording begins. */
  readonly timeoutMs?: number;
  /** How many attempts may follow a failed one. */
  readonly retries?: number;
  /** How long a recording that has begun may pause. */
  readonly stallMs?: number;
  readonly clock?: Clock;
}

const DEFAULTS = {
  baseUrl: "https://api.elevenlabs.io",
  timeoutMs: 20_000,
  retries: 3,
  stallMs: 30_000,
  clock: systemClock,
};

const ELEVENLABS: Service = {
  name: "ElevenLabs",
  keyVariable: "ELEVENLABS_API_KEY",
  addressVariable: "ELEVENLABS_API_URL",
};

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
  const { baseUrl, stallMs, ...patience } = { ...DEFAULTS, ...options };
  const headers = { "xi-api-key": apiKey(options.apiKey, "ELEVENLABS_API_KEY") };
  const base = baseUrl.replace(/\/+$/, "");

  async function recording(conversationId: string): Promise<Readable | undefined> {
    const url = `${base}/v1/convai/conversations/${encodeURIComponent(conversationId)}/audio`;
    const call = { service: ELEVENLABS, url, init: { headers }, repeatable: true };
    try {
      const body = await retryingFetch(call, recordingBody, patience);
      return unstalled(body, stallMs, `the recording of ${conversationId}`);
    } catch (error) {
      if (error instanceof ServiceRefused && error.status === 404) return undefined;
      throw error;
    }
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
