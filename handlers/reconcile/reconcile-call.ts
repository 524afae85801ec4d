import type { KnownEvent } from "../call/event.ts";
import { readEvent } from "../call/event.ts";
import { deliveredAudioKey, mp3Key, parsedKey, rawKey } from "../call/keys.ts";
import { type Archive, PreconditionFailed } from "../clients/archive.ts";
import { type ConversationSource, FINISHED, type ListedConversation } from "../clients/conversation-source.ts";
import { reasonOf } from "../clients/log.ts";
import type { RecordingSource } from "../clients/recording-source.ts";
import { ServiceRefused } from "../clients/service-errors.ts";
import { mayHaveAudio, saysItHasAudio, storeFetchedRecording } from "../process/audio.ts";
import { type ConversationIndex, type FoundIndex, readIndex } from "../process/conversation-index.ts";
import { Unprocessable } from "../process/unprocessable.ts";
import { inEnvelope, NotTheConversation } from "./envelope.ts";

/** What reconciling needs from outside. */
export interface Reconciling {
  readonly archive: Archive;
  readonly conversations: ConversationSource;
  readonly recordings: RecordingSource;
  readonly now: () => Date;
  /** True where nothing is to be fetched: then what is not there is `missing`. */
  readonly isDryRun?: boolean;
}

/**
 * What became of a call, or of its recording. `unfinished`: nothing is expected yet. `none`: there is none to be had.
 * `unrecoverable`: no later run can get it. `failed`: a later one may.
 */
export type Fate = "unfinished" | "none" | "present" | "missing" | "recovered" | "unrecoverable" | "failed";

/** What was found of one conversation, and what was done about it. */
export interface Reconciled {
  readonly conversationId: string;
  readonly call: Exclude<Fate, "none">;
  readonly recording: Fate;
  /** The object that is now to be processed. */
  readonly key?: string;
  /** Why something is unrecoverable or failed. */
  readonly reasons: readonly string[];
}

type Found = Omit<Reconciled, "conversationId">;

const PRESENT: Found = { call: "present", recording: "present", reasons: [] };
const NAMELESS: Found = { call: "unrecoverable", recording: "unfinished", reasons: ["listed without an id"] };
const UNFINISHED: Found = { call: "unfinished", recording: "unfinished", reasons: [] };

/**
 * Sees to it that the archive has a conversation that ElevenLabs lists, and its recording.
 *
 * A call is there if its index says so. An index whose JSON is gone is that of a call which somebody deleted: it stays
 * deleted. What is fetched is put on condition that nothing is there, so a webhook never loses to it; and the recording
 * before the JSON, whose event has the processor write the rows: who dies in between leaves a call that is still
 * missing. May run any number of times; on what is there it writes nothing.
 *
 * @throws ServiceRefused if ElevenLabs does not take our key: then nothing can be had.
 */
export async function reconcileCall(listed: ListedConversation, from: Reconciling): Promise<Reconciled> {
  const { conversationId } = listed;
  if (conversationId === "") return { conversationId, ...NAMELESS };
  const found = listed.isFinished ? await looked(listed, from) : UNFINISHED;
  return { conversationId, ...found };
}

async function looked(listed: ListedConversation, from: Reconciling): Promise<Found> {
  try {
    const found = await readIndex(from.archive, listed.conversationId);
    return isKnown(found.index) ? await knownCall(listed, found, from) : await missingCall(listed, from);
  } catch (error) {
    return { call: fateOf(error), recording: "unfinished", reasons: [reasonOf(error)] };
  }
}

/** Audio alone does not make a call known: its transcription is missing. */
function isKnown({ home, objects }: ConversationIndex): boolean {
  return home !== undefined || Object.keys(objects).some((key) => parsedKey(key)?.kind !== "audio");
}

async function missingCall({ conversationId }: ListedConversation, from: Reconciling): Promise<Found> {
  if (from.isDryRun) return { call: "missing", recording: "unfinished", reasons: [] };
  const data = await from.conversations.conversation(conversationId);
  if (!data) throw new NotTheConversation(`ElevenLabs no longer has ${conversationId}`);
  const receivedAt = from.now();
  const { body, event, status } = inEnvelope(data, conversationId, receivedAt);
  if (status !== null && !FINISHED.has(status)) return UNFINISHED;
  const key = rawKey(event, body);
  const recording = await fetched(event, key, from);
  const metadata = { source: "api", "received-at": receivedAt.toISOString() };
  try {
    await from.archive.put(key, body, { only: "if-absent", metadata, contentType: "application/json" });
    return { call: "recovered", ...recording, key };
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    return { call: "present", ...recording, ...(await withItsRow(recording, key, from)) };
  }
}

async function knownCall(
  listed: ListedConversation,
  { index, writtenAt }: FoundIndex,
  from: Reconciling,
): Promise<Found> {
  if (!index.home) return { ...PRESENT, recording: "none" };
  const { key } = index.home;
  const mp3 = await from.archive.head(mp3Key(key));
  if (mp3) {
    // Stored by a run that died before it could say so.
    const isUntold = writtenAt !== undefined && mp3.lastModified > writtenAt && !from.isDryRun;
    return { ...PRESENT, ...(isUntold && (await withItsRow({ recording: "recovered" }, key, from))) };
  }
  if (listed.durationSecs === 0) return { ...PRESENT, recording: "none" };
  const object = await from.archive.get(key);
  const event = object && readEvent(object.body);
  if (event?.kind !== "transcription") return { ...PRESENT, recording: "none" };
  const recording = await fetched(event, key, from);
  return { call: "present", ...recording, ...(await withItsRow(recording, key, from)) };
}

type FetchedRecording = Pick<Found, "recording" | "reasons">;

/** Fetches the recording that goes beside `key`, unless one is there, or waits where it was delivered. */
async function fetched(event: KnownEvent, key: string, from: Reconciling): Promise<FetchedRecording> {
  const { conversationId } = event;
  try {
    if (!mayHaveAudio(event)) return { recording: "none", reasons: [] };
    if (await from.archive.head(mp3Key(key))) return { recording: "present", reasons: [] };
    if (await from.archive.head(deliveredAudioKey(conversationId))) return { recording: "present", reasons: [] };
    if (from.isDryRun) return { recording: "missing", reasons: [] };
    const stored = await storeFetchedRecording(conversationId, mp3Key(key), from.recordings, from);
    if (stored !== undefined) return { recording: stored === 0 ? "present" : "recovered", reasons: [] };
    if (!saysItHasAudio(event)) return { recording: "none", reasons: [] };
    return { recording: "unrecoverable", reasons: [`ElevenLabs has no recording of ${conversationId}`] };
  } catch (error) {
    return { recording: fateOf(error), reasons: [reasonOf(error)] };
  }
}

/** Has the processor write the row of a recording that is there now, and redo nothing else. */
async function withItsRow({ recording }: Pick<Found, "recording">, key: string, { archive }: Reconciling) {
  if (recording !== "recovered") return {};
  await archive.renew(key, "audio");
  return { key };
}

/** @throws the error if no other conversation would fare better. */
function fateOf(error: unknown): "unrecoverable" | "failed" {
  if (error instanceof ServiceRefused && (error.status === 401 || error.status === 403)) throw error;
  const isFinal = [ServiceRefused, NotTheConversation, Unprocessable].some((kind) => error instanceof kind);
  return isFinal ? "unrecoverable" : "failed";
}
