import type { Readable } from "node:stream";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { at, text } from "../../call/json.ts";
import { ServiceUnavailable, whileTryingTo } from "../http/service-errors.ts";
import { type ElevenLabsOptions, elevenLabsApi } from "./elevenlabs-api.client.ts";
import type { RecordingSource } from "./recording-source.ts";
import { type BegunStream, withStallTimeout } from "./unstalled.ts";

/** How long a recording may pause after it has begun, by default. */
const STALL_MS = 30_000;

/** The content types of a recording: `audio/mpeg`, or that of any bytes, from a proxy that does not know the format. */
const RECORDING_TYPE = /^(audio\/[\w.+-]+|(application|binary)\/octet-stream)\s*(;|$)/i;

/**
 * The statuses that ElevenLabs answers while it still produces a recording. The usual one is 404 with
 * `missing_conversation_audio`. Public receivers also saw 400, 422 and an empty 200, and request again after them
 * (2026-11).
 */
const NOT_YET = [400, 404, 422];

/**
 * The `detail.status` of a 404 for a conversation that does not exist. ElevenLabs documents neither (2026-11). Any
 * other 404 counts as not yet, which costs some requests and loses nothing.
 */
const NO_CONVERSATION: ReadonlySet<string> = new Set(["document_not_found", "conversation_not_found"]);

/**
 * Recordings from ElevenLabs' REST API.
 *
 * Its errors are `ServiceRefused` and `ServiceUnavailable`, and name the conversation. A recording that has begun is
 * not requested again: its reader must start over.
 *
 * @throws Error if the key is malformed.
 */
export function elevenLabsRecordings(options: ElevenLabsOptions): RecordingSource {
  const api = elevenLabsApi(options);
  const { stallMs = STALL_MS } = options;

  async function recording(conversationId: string): Promise<Readable | "no conversation" | undefined> {
    const path = `/v1/convai/conversations/${encodeURIComponent(conversationId)}/audio`;
    const begun = await api(path, recordingIn, NOT_YET);
    return typeof begun === "object" ? withStallTimeout(begun, stallMs, `the recording of ${conversationId}`) : begun;
  }

  return {
    recording: (conversationId) =>
      whileTryingTo(`fetch the recording of ${conversationId}`, () => recording(conversationId)),
  };
}

/** The recording in an answer. Waits for its first bytes: an answer without bytes has no recording. */
async function recordingIn(response: Response): Promise<BegunStream | "no conversation" | undefined> {
  if (!response.ok) return (await namesNoConversation(response)) ? "no conversation" : undefined;
  const type = response.headers.get("content-type") ?? "nothing";
  const reader = response.body?.getReader();
  const first = await reader?.read();
  if (!reader || !first || first.done) return undefined;
  if (RECORDING_TYPE.test(type)) return { first: first.value, reader };
  await reader.cancel();
  throw new ServiceUnavailable(`ElevenLabs answered with ${type}, which is not a recording`, {
    status: response.status,
  });
}

async function namesNoConversation(response: Response): Promise<boolean> {
  const answer = await response.text();
  return response.status === 404 && NO_CONVERSATION.has(text(at(parsedJson(answer), "detail", "status")) ?? "");
}
