import { type KnownEvent, readEvent } from "../call/event.ts";
import { at, number, truth } from "../call/json.ts";
import { deliveredAudioKey, mp3Key } from "../call/keys.ts";
import { type Archive, PreconditionFailed, type PutOptions } from "../clients/archive.ts";
import type { RecordingSource } from "../clients/recording-source.ts";
import { spooled } from "../clients/spool.client.ts";
import { beginsLikeMp3, mp3Meter } from "./mp3.ts";
import { carriedRecording, type Recording } from "./recording.ts";
import { Unprocessable } from "./unprocessable.ts";

/** What every MP3 is marked with: the bucket moves recordings to colder storage than calls. */
export const RECORDING_TAG = { kind: "recording" };

/** What storing a recording needs from outside. */
export interface AudioFrom {
  readonly archive: Archive;
  /** Absent where no API key is set: then only what was delivered is stored. */
  readonly recordings?: RecordingSource | undefined;
  readonly now: () => Date;
}

/**
 * Puts the recording of a transcription beside it: the one it carries, else the one delivered apart, else the
 * one that is there, else the one that ElevenLabs' API has. Answers how many it wrote: none or one.
 */
export async function storeRecordingOfCall(
  event: KnownEvent,
  raw: Buffer,
  key: string,
  from: AudioFrom,
): Promise<number> {
  const carried = carriedRecording(event, raw, "embedded") ?? (await waitingRecording(event, from.archive));
  if (carried) return storeMp3(mp3Key(key), carried, from);
  if (!from.recordings || !mayHaveAudio(event) || (await from.archive.head(mp3Key(key)))) return 0;
  return fetchRecording(event, mp3Key(key), from.recordings, from);
}

/**
 * The recording in an audio event.
 *
 * @throws Unprocessable if there is none, or none that is an MP3 in base64.
 */
export function deliveredRecording(event: KnownEvent, raw: Buffer): Recording {
  const recording = carriedRecording(event, raw, "webhook");
  if (!recording) throw new Unprocessable("data.full_audio is missing");
  return recording;
}

/** The recording that waits for this transcription. One that cannot be decoded fails under its own key, not here. */
async function waitingRecording({ conversationId }: KnownEvent, archive: Archive): Promise<Recording | undefined> {
  const object = await archive.get(deliveredAudioKey(conversationId));
  if (!object) return undefined;
  const event = readEvent(object.body);
  if (event.kind !== "audio") return undefined;
  try {
    return deliveredRecording(event, object.body);
  } catch (error) {
    if (error instanceof Unprocessable) return undefined;
    throw error;
  }
}

/** Whether a call may have a recording. ElevenLabs promises `has_audio` and often leaves it out: then asking is the only way to know. */
export function mayHaveAudio(event: KnownEvent): boolean {
  const data = at(event.body.value, "data");
  const stated = truth(at(data, "has_audio"));
  if (stated !== null) return stated;
  return truth(at(data, "metadata", "text_only")) !== true && number(at(data, "metadata", "call_duration_secs")) !== 0;
}

/** Whether ElevenLabs said, when the call was over, that it has a recording of it. */
export function saysItHasAudio({ body }: KnownEvent): boolean {
  return truth(at(body.value, "data", "has_audio")) === true;
}

async function fetchRecording(event: KnownEvent, key: string, recordings: RecordingSource, from: AudioFrom) {
  const stored = await storeFetchedRecording(event.conversationId, key, recordings, from);
  // A call that says it has a recording gets another try: ElevenLabs may not have finished it.
  if (stored === undefined && saysItHasAudio(event))
    throw new Error(`ElevenLabs has no recording of ${event.conversationId} yet`);
  return stored ?? 0;
}

/**
 * Stores the recording of a conversation that ElevenLabs has, if none is at `key` by then, whatever its length. Answers
 * how many it wrote, none or one; `undefined` if ElevenLabs has none.
 *
 * @throws Unprocessable if what it sent is no MP3.
 */
export async function storeFetchedRecording(
  conversationId: string,
  key: string,
  recordings: RecordingSource,
  to: Pick<AudioFrom, "archive" | "now">,
): Promise<number | undefined> {
  const stream = await recordings.recording(conversationId);
  if (!stream) return undefined;
  const meter = mp3Meter();
  const spool = await spooled(stream, meter.push);
  try {
    if (!beginsLikeMp3(spool.start))
      throw new Unprocessable(`what ElevenLabs sent for ${conversationId} is not an MP3`);
    return await storeMp3(key, { origin: "api", sha256: spool.sha256, body: spool.read(), ...meter.facts() }, to);
  } finally {
    await spool.discard();
  }
}

/**
 * Stores an MP3, unless the same recording is there: what is right is kept, with the time it was first stored. One that
 * was fetched takes the place of none. Answers how many it wrote: none or one.
 */
export async function storeMp3(
  key: string,
  recording: Recording,
  { archive, now }: Pick<AudioFrom, "archive" | "now">,
): Promise<number> {
  const there = await archive.head(key);
  const { origin, sha256, durationSecs, bitrateKbps } = recording;
  if (there && (origin === "api" || there.metadata["sha256"] === sha256)) return 0;
  const options: PutOptions = {
    contentType: "audio/mpeg",
    tags: RECORDING_TAG,
    metadata: {
      source: origin,
      sha256,
      "stored-at": now().toISOString(),
      ...(durationSecs !== null && { "duration-secs": String(durationSecs) }),
      ...(bitrateKbps !== null && { "bitrate-kbps": String(bitrateKbps) }),
    },
    ...(origin === "api" && { only: "if-absent" }),
  };
  try {
    await archive.put(key, recording.body, options);
    return 1;
  } catch (error) {
    // Somebody stored one that was delivered, meanwhile.
    if (origin === "api" && error instanceof PreconditionFailed) return 0;
    throw error;
  }
}
