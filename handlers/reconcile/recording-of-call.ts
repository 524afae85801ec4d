import type { KnownEvent } from "../call/event.ts";
import { deliveredAudioKey, mp3Key } from "../call/keys.ts";
import { reasonOf } from "../clients/log.ts";
import { isRefusalOfKey } from "../clients/service-errors.ts";
import { mayHaveAudio, saysItHasAudio, storeFetchedRecording } from "../process/audio.ts";
import { fateOf, type Reconciled, type Reconciling } from "./reconciling.ts";

/** What became of a recording, and why. */
export type FoundRecording = Pick<Reconciled, "recording" | "reasons" | "refusal">;

/** Fetches the recording that goes beside `key`, unless one is there, or waits where it was delivered. Never throws. */
export async function fetchedRecording(event: KnownEvent, key: string, from: Reconciling): Promise<FoundRecording> {
  const { conversationId } = event;
  try {
    if (!mayHaveAudio(event)) return { recording: "none", reasons: [] };
    if (await from.archive.head(mp3Key(key))) return { recording: "present", reasons: [] };
    if (await from.archive.head(deliveredAudioKey(conversationId))) return { recording: "present", reasons: [] };
    if (from.isDryRun && (await isToBeHad(conversationId, from))) return { recording: "missing", reasons: [] };
    const stored = from.isDryRun
      ? undefined
      : await storeFetchedRecording(conversationId, mp3Key(key), from.recordings, from);
    if (stored !== undefined) return { recording: stored === 0 ? "present" : "recovered", reasons: [] };
    if (!saysItHasAudio(event)) return { recording: "none", reasons: [] };
    return { recording: "unrecoverable", reasons: [`ElevenLabs has no recording of ${conversationId}`] };
  } catch (error) {
    return { recording: fateOf(error), reasons: [reasonOf(error)], ...(isRefusalOfKey(error) && { refusal: error }) };
  }
}

/** Whether ElevenLabs has a recording. Many calls may have one and have none: nothing tells but to begin with it. */
async function isToBeHad(conversationId: string, { recordings }: Reconciling): Promise<boolean> {
  const stream = await recordings.recording(conversationId);
  stream?.destroy();
  return stream !== undefined;
}

/**
 * Has the processor write the row of a recording that is there now, and redo nothing else. Answers which object is now to
 * be processed, if one is.
 */
export async function withItsRow({ recording }: Pick<Reconciled, "recording">, key: string, { archive }: Reconciling) {
  if (recording !== "recovered") return {};
  await archive.renew(key, "audio");
  return { key };
}
