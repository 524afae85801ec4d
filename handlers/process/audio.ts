import { type KnownEvent, readEvent } from "../call/event.ts";
import { at, boolean, number } from "../call/json.ts";
import { mp3Key } from "../call/keys.ts";
import { deliveredAudioKey } from "../call/kinds/audio.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import type { StoredMp3 } from "../call/rows/recording-row.ts";
import { type Archive, PreconditionFailed, type PutOptions } from "../clients/archive/archive.ts";
import { spoolToFile } from "../clients/archive/spool.client.ts";
import type { RecordingSource } from "../clients/elevenlabs/recording-source.ts";
import { type AbsentRecording, absentAfter, endOfCall, isFinallyAbsent, type NoRecording } from "./absent-recording.ts";
import { beginsLikeMp3, mp3Meter } from "./mp3.ts";
import { carriedRecording, type Recording } from "./recording.ts";
import { orUnprocessable, Unprocessable } from "./unprocessable.ts";

/** The dependencies of the functions that store recordings. */
export interface AudioDeps {
  readonly archive: Archive;
  /** Absent if no API key is set: then only delivered recordings are stored. */
  readonly recordings?: RecordingSource | undefined;
  readonly now: () => Date;
}

/** A recording that is stored. */
export interface StoredRecording {
  /** The number of recordings written: 0 or 1. */
  readonly recordings: number;
  /** The MP3, if it is known without another request. */
  readonly mp3?: StoredMp3 | undefined;
}

/** The result of storing the recording of a call. */
export interface RecordingOutcome extends StoredRecording {
  /** Why there is none, if that is known; `undefined` if there is one. */
  readonly absent: AbsentRecording | undefined;
}

/** The call whose recording `storeRecordingOfCall` stores. */
export interface CallToRecord {
  readonly event: KnownEvent;
  readonly raw: Buffer;
  readonly key: string;
  readonly receivedAt: Date;
  /** The record of its absent recording in the index. */
  readonly before: AbsentRecording | undefined;
}

/**
 * Stores the recording of a transcription beside it: the embedded one, else the one delivered as audio, else the one
 * that is already stored, else the one from ElevenLabs' API. If the API has none yet, `absent` states when to request
 * it again.
 *
 * @throws Unprocessable if the embedded recording is not an MP3.
 */
export async function storeRecordingOfCall(call: CallToRecord, deps: AudioDeps): Promise<RecordingOutcome> {
  const { event, raw, key, receivedAt, before } = call;
  const delivered = carriedRecording(event, raw, "embedded") ?? (await separateDelivery(event, deps.archive));
  if (delivered && delivered !== "not an MP3")
    return { ...(await storeMp3(mp3Key(key), delivered, deps)), absent: undefined };
  const mp3 = await deps.archive.head(mp3Key(key));
  if (mp3) return { recordings: 0, mp3, absent: undefined };
  if (!mayHaveAudio(event)) return { recordings: 0, absent: { state: delivered ? "not_decodable" : "off" } };
  if (!deps.recordings)
    return { recordings: 0, absent: delivered ? { state: "not_decodable" } : lastKnownAbsence(before) };

  const stored = await storeFetchedRecording(event.conversationId, mp3Key(key), deps.recordings, deps);
  if (typeof stored === "object") return { ...stored, absent: undefined };
  const answer = stored === "not yet" && delivered ? delivered : stored;
  return { recordings: 0, absent: absentAfter(answer, endOfCall(event, receivedAt), before, deps.now()) };
}

/** The final result of earlier requests, from before the API key was removed; `undefined` if there is none. */
function lastKnownAbsence(before: AbsentRecording | undefined): AbsentRecording | undefined {
  return before?.asked_at !== undefined && isFinallyAbsent(before) ? before : undefined;
}

/**
 * The recording in an audio event.
 *
 * @throws Unprocessable if there is none, or if it is not an MP3 in base64.
 */
export function deliveredRecording(event: KnownEvent, raw: Buffer): Recording {
  const recording = carriedRecording(event, raw, "webhook");
  if (!recording) throw new Unprocessable("data.full_audio is missing");
  return recording;
}

/** The recording of an audio event from before the transcription. If it is not an MP3, only that event fails. */
async function separateDelivery(
  { conversationId }: KnownEvent,
  archive: Archive,
): Promise<Recording | "not an MP3" | undefined> {
  const object = await archive.get(deliveredAudioKey(conversationId));
  if (!object) return undefined;
  const event = readEvent(object.body);
  if (!isKnown(event) || KINDS[event.kind].expects.recording !== "delivered") return undefined;
  const recording = orUnprocessable(() => deliveredRecording(event, object.body));
  return recording instanceof Unprocessable ? "not an MP3" : recording;
}

/**
 * Whether a call may have a recording. ElevenLabs documents `has_audio`, but often omits it. Then only a request to the
 * API can show it.
 */
export function mayHaveAudio(event: KnownEvent): boolean {
  const data = at(event.body.value, "data");
  const stated = boolean(at(data, "has_audio"));
  if (stated !== null) return stated;
  return (
    boolean(at(data, "metadata", "text_only")) !== true && number(at(data, "metadata", "call_duration_secs")) !== 0
  );
}

/** Whether the transcription states that ElevenLabs has a recording. */
export function statesAudio({ body }: KnownEvent): boolean {
  return boolean(at(body.value, "data", "has_audio")) === true;
}

/**
 * Fetches the recording of a conversation from ElevenLabs, of any length, and stores it if `key` has none by then.
 * Returns the stored recording, or what ElevenLabs has instead of a recording.
 */
export async function storeFetchedRecording(
  conversationId: string,
  key: string,
  recordings: RecordingSource,
  to: Pick<AudioDeps, "archive" | "now">,
): Promise<StoredRecording | NoRecording> {
  const stream = await recordings.recording(conversationId);
  if (stream === undefined) return "not yet";
  if (stream === "no conversation") return stream;
  const meter = mp3Meter();
  const spool = await spoolToFile(stream, meter.push);
  try {
    if (!beginsLikeMp3(spool.start)) return "not an MP3";
    const { sha256, bytes } = spool;
    return await storeMp3(key, { origin: "api", sha256, bytes, body: spool.read(), ...meter.facts() }, to);
  } finally {
    await spool.discard();
  }
}

/**
 * Stores an MP3, unless the same recording is already stored: that one keeps the time at which it was first stored. A
 * fetched MP3 replaces no other. The caller has just seen that there is none, so only the put has this condition.
 */
export async function storeMp3(
  key: string,
  recording: Recording,
  { archive, now }: Pick<AudioDeps, "archive" | "now">,
): Promise<StoredRecording> {
  const { origin, sha256, bytes, durationSecs, bitrateKbps } = recording;
  const stored = origin === "api" ? undefined : await archive.head(key);
  if (stored?.metadata["sha256"] === sha256) return { recordings: 0, mp3: stored };
  const storedAt = now();
  const metadata = {
    source: origin,
    sha256,
    "stored-at": storedAt.toISOString(),
    ...(durationSecs !== null && { "duration-secs": String(durationSecs) }),
    ...(bitrateKbps !== null && { "bitrate-kbps": String(bitrateKbps) }),
  };
  const options: PutOptions = {
    contentType: "audio/mpeg",
    sha256,
    coldBytes: bytes,
    hasOwnChunks: true,
    metadata,
    ...(origin === "api" && { only: "if-absent" }),
  };
  try {
    await archive.put(key, recording.body, options);
    return { recordings: 1, mp3: { key, size: bytes, metadata, lastModified: storedAt } };
  } catch (error) {
    // A recording was stored meanwhile.
    if (origin === "api" && error instanceof PreconditionFailed) return { recordings: 0 };
    throw error;
  }
}
