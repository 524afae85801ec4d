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
import { mayHaveAudio, statesAudio, storeFetchedRecording } from "../process/audio.ts";
import { fateOf, type ReconcileDeps, type Reconciled } from "./reconcile-deps.ts";

/** A call whose recording is wanted. */
export interface CallWithoutRecording {
  readonly event: KnownEvent;
  readonly key: string;
  readonly receivedAt: Date;
  /** Why it has no recording, by its index. */
  readonly absent?: AbsentRecording | undefined;
}

/** What became of a recording, and why. */
export interface RecoveredRecording extends Pick<Reconciled, "recording" | "reasons" | "refusal"> {
  /** Whether the processor is to ask for it a last time, and to record that there is none. */
  readonly needsRow?: boolean;
}

/** Fetches the recording that goes beside `key`, unless one is there, or waits where it was delivered. Never throws. */
export async function recoverRecording(call: CallWithoutRecording, deps: ReconcileDeps): Promise<RecoveredRecording> {
  const { event, key, absent } = call;
  try {
    if (!mayHaveAudio(event)) return { recording: "none", reasons: [] };
    if (await deps.archive.head(mp3Key(key))) return { recording: "present", reasons: [] };
    // Of a call that is still asked for, what was delivered is no MP3.
    const isDelivered = !absent && (await deps.archive.head(deliveredAudioKey(event.conversationId))) !== undefined;
    if (isDelivered) return { recording: "present", reasons: [] };
    const stored = deps.isDryRun ? await isDownloadable(call, deps) : await fetchRecording(call, deps);
    if (stored === true) return { recording: "missing", reasons: [] };
    if (typeof stored === "number") return { recording: stored === 0 ? "present" : "recovered", reasons: [] };
    return absentResult(call, stored, deps);
  } catch (error) {
    return { recording: fateOf(error), reasons: [reasonOf(error)], ...(isRefusalOfKey(error) && { refusal: error }) };
  }
}

function fetchRecording({ event, key }: CallWithoutRecording, deps: ReconcileDeps): Promise<number | NoRecording> {
  return storeFetchedRecording(event.conversationId, mp3Key(key), deps.recordings, deps);
}

/** Whether ElevenLabs has a recording. Many calls may have one and have none: nothing tells but to begin with it. */
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
 * Has the processor write the row of a recording that is there now, or record that there is none, and redo nothing else.
 * Answers which object is now to be processed, if one is.
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
