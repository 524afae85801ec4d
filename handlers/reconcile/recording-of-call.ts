import type { KnownEvent } from "../call/event.ts";
import { mp3Key } from "../call/keys.ts";
import { deliveredAudioKey } from "../call/kinds/audio.ts";
import { isRefusalOfKey } from "../clients/http/service-errors.ts";
import { reasonOf } from "../clients/observability/log.ts";
import {
  type AbsentRecording,
  absentAfter,
  endOfCall,
  isFinallyAbsent,
  type NoRecording,
} from "../process/absent-recording.ts";
import { mayHaveAudio, type StoredRecording, statesAudio, storeFetchedRecording } from "../process/audio.ts";
import { type ReconcileDeps, type Reconciled, statusAfter } from "./reconcile-deps.ts";

/** The call whose recording `recoverRecording` fetches. */
export interface CallWithoutRecording {
  readonly event: KnownEvent;
  readonly key: string;
  readonly receivedAt: Date;
  /** Why it has no recording, from its index. */
  readonly absent?: AbsentRecording | undefined;
}

/** The result for a recording. */
export interface RecoveredRecording extends Pick<Reconciled, "recording" | "reasons" | "refusal"> {
  /** Whether the processor must request it a last time, and record that there is none. */
  readonly needsRow?: boolean;
}

/** Fetches the recording of the call at `key`, unless it is stored, or delivered as audio. Never throws. */
export async function recoverRecording(call: CallWithoutRecording, deps: ReconcileDeps): Promise<RecoveredRecording> {
  const { event, key, absent } = call;
  try {
    if (!mayHaveAudio(event)) return { recording: "none", reasons: [] };
    if (await deps.archive.head(mp3Key(key))) return { recording: "present", reasons: [] };
    // If the recording is still requested, the delivered audio is not an MP3.
    const isDelivered = !absent && (await deps.archive.head(deliveredAudioKey(event.conversationId))) !== undefined;
    if (isDelivered) return { recording: "present", reasons: [] };
    const stored = deps.isDryRun ? await isDownloadable(call, deps) : await fetchRecording(call, deps);
    if (stored === true) return { recording: "missing", reasons: [] };
    if (typeof stored === "object")
      return { recording: stored.recordings === 0 ? "present" : "recovered", reasons: [] };
    return absentResult(call, stored, deps);
  } catch (error) {
    return {
      recording: statusAfter(error),
      reasons: [reasonOf(error)],
      ...(isRefusalOfKey(error) && { refusal: error }),
    };
  }
}

function fetchRecording(
  { event, key }: CallWithoutRecording,
  deps: ReconcileDeps,
): Promise<StoredRecording | NoRecording> {
  return storeFetchedRecording(event.conversationId, mp3Key(key), deps.recordings, deps);
}

/** Whether ElevenLabs has a recording. Only the start of a download shows that for a call without `has_audio`. */
async function isDownloadable(
  { event }: CallWithoutRecording,
  { recordings }: ReconcileDeps,
): Promise<true | NoRecording> {
  const stream = await recordings.recording(event.conversationId);
  if (stream === undefined) return "not yet";
  if (stream === "no conversation") return stream;
  stream.destroy();
  return true;
}

function absentResult(
  { event, receivedAt, absent }: CallWithoutRecording,
  answer: NoRecording,
  { retriesRecordings = false, now }: ReconcileDeps,
): RecoveredRecording {
  if (absentAfter(answer, endOfCall(event, receivedAt), absent, now()).state === "waiting")
    return { recording: "unfinished", reasons: [] };
  const needsRow = absent ? !isFinallyAbsent(absent) : retriesRecordings;
  if (!statesAudio(event)) return { recording: "none", reasons: [], needsRow };
  const reasons = [`ElevenLabs has no recording of ${event.conversationId}`];
  return { recording: "unrecoverable", reasons, needsRow };
}

/**
 * Re-puts the call so that only its audio step is redone: it writes the row of the recording, or records that there is
 * none. Returns the key of the object to process now, if there is one.
 */
export async function requestRow(
  { recording, needsRow }: Pick<RecoveredRecording, "recording" | "needsRow">,
  key: string,
  { archive, isDryRun = false }: ReconcileDeps,
) {
  if (isDryRun || (recording !== "recovered" && !needsRow)) return {};
  await archive.rePut(key, "audio");
  return { key };
}
