import { type KnownEvent, readEvent } from "../call/event.ts";
import { at, boolean, number } from "../call/json.ts";
import { mp3Key } from "../call/keys.ts";
import { deliveredAudioKey } from "../call/kinds/audio.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { type Archive, PreconditionFailed, type PutOptions } from "../clients/archive/archive.ts";
import { spoolToFile } from "../clients/archive/spool.client.ts";
import type { RecordingSource } from "../clients/elevenlabs/recording-source.ts";
import { type AbsentRecording, absentAfter, endOfCall, isFinallyAbsent, type NoRecording } from "./absent-recording.ts";
import { beginsLikeMp3, mp3Meter } from "./mp3.ts";
import { carriedRecording, type Recording } from "./recording.ts";
import { orUnprocessable, Unprocessable } from "./unprocessable.ts";

/** What every MP3 is marked with: the bucket moves recordings to colder storage than calls. */
export const RECORDING_TAG = { kind: "recording" };

/** What storing a recording needs from outside. */
export interface AudioDeps {
  readonly archive: Archive;
  /** Absent where no API key is set: then only what was delivered is stored. */
  readonly recordings?: RecordingSource | undefined;
  readonly now: () => Date;
}

/** What came of the recording of a call. */
export interface RecordingOutcome {
  /** How many recordings were written: none or one. */
  readonly recordings: number;
  /** Why there is none, as far as is known; `undefined` if there is one. */
  readonly absent: AbsentRecording | undefined;
}

/** A call whose recording is wanted. */
export interface CallToRecord {
  readonly event: KnownEvent;
  readonly raw: Buffer;
  readonly key: string;
  readonly receivedAt: Date;
  /** What the index records of its recording. */
  readonly before: AbsentRecording | undefined;
}

/**
 * Puts the recording of a transcription beside it: the one it carries, else the one delivered apart, else the
 * one that is there, else the one that ElevenLabs' API has. If it has none yet, `absent` states when to ask again.
 *
 * @throws Unprocessable if the recording that it carries is no MP3.
 */
export async function storeRecordingOfCall(call: CallToRecord, deps: AudioDeps): Promise<RecordingOutcome> {
  const { event, raw, key, receivedAt, before } = call;
  const delivered = carriedRecording(event, raw, "embedded") ?? (await separateDelivery(event, deps.archive));
  if (delivered && delivered !== "not an MP3")
    return { recordings: await storeMp3(mp3Key(key), delivered, deps), absent: undefined };
  if (await deps.archive.head(mp3Key(key))) return { recordings: 0, absent: undefined };
  if (!mayHaveAudio(event)) return { recordings: 0, absent: { state: delivered ? "not_decodable" : "off" } };
  if (!deps.recordings)
    return { recordings: 0, absent: delivered ? { state: "not_decodable" } : lastKnownAbsence(before) };

  const stored = await storeFetchedRecording(event.conversationId, mp3Key(key), deps.recordings, deps);
  if (typeof stored === "number") return { recordings: stored, absent: undefined };
  const answer = stored === "not yet" && delivered ? delivered : stored;
  return { recordings: 0, absent: absentAfter(answer, endOfCall(event, receivedAt), before, deps.now()) };
}

/** What ElevenLabs answered in the end, when it could still be asked. */
function lastKnownAbsence(before: AbsentRecording | undefined): AbsentRecording | undefined {
  return before?.asked_at !== undefined && isFinallyAbsent(before) ? before : undefined;
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

/** The recording that was delivered before this transcription. One that is no MP3 fails under its own key, not here. */
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
 * Whether a call may have a recording. ElevenLabs promises `has_audio` and often leaves it out: then asking is the only
 * way to know.
 */
export function mayHaveAudio(event: KnownEvent): boolean {
  const data = at(event.body.value, "data");
  const stated = boolean(at(data, "has_audio"));
  if (stated !== null) return stated;
  return (
    boolean(at(data, "metadata", "text_only")) !== true && number(at(data, "metadata", "call_duration_secs")) !== 0
  );
}

/** Whether ElevenLabs said, when the call was over, that it has a recording of it. */
export function statesAudio({ body }: KnownEvent): boolean {
  return boolean(at(body.value, "data", "has_audio")) === true;
}

/**
 * Stores the recording of a conversation that ElevenLabs has, if none is at `key` by then, whatever its length. Answers
 * how many it wrote, none or one; or what ElevenLabs has instead of a recording.
 */
export async function storeFetchedRecording(
  conversationId: string,
  key: string,
  recordings: RecordingSource,
  to: Pick<AudioDeps, "archive" | "now">,
): Promise<number | NoRecording> {
  const stream = await recordings.recording(conversationId);
  if (stream === undefined) return "not yet";
  if (stream === "no conversation") return stream;
  const meter = mp3Meter();
  const spool = await spoolToFile(stream, meter.push);
  try {
    if (!beginsLikeMp3(spool.start)) return "not an MP3";
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
  { archive, now }: Pick<AudioDeps, "archive" | "now">,
): Promise<number> {
  const stored = await archive.head(key);
  const { origin, sha256, durationSecs, bitrateKbps } = recording;
  if (stored && (origin === "api" || stored.metadata["sha256"] === sha256)) return 0;
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
