import { readEvent } from "../call/event.ts";
import { mp3Key, parsedKey, rawKey } from "../call/keys.ts";
import { PreconditionFailed } from "../clients/archive.ts";
import { FINISHED, type ListedConversation } from "../clients/conversation-source.ts";
import { reasonOf } from "../clients/log.ts";
import { type ConversationIndex, type FoundIndex, readIndex } from "../process/conversation-index.ts";
import { inEnvelope, NotTheConversation } from "./envelope.ts";
import { fateOf, type Reconciled, type Reconciling } from "./reconciling.ts";
import { fetchedRecording, withItsRow } from "./recording-of-call.ts";

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
 * missing. May run any number of times; on what is there it writes nothing. Never throws: one stops no other.
 */
export async function reconcileCall(listed: ListedConversation, from: Reconciling): Promise<Reconciled> {
  const { conversationId } = listed;
  if (conversationId === "") return { conversationId, ...NAMELESS };
  const found = listed.isFinished ? await looked(listed, from) : UNFINISHED;
  return { conversationId, ...found };
}

/** A damaged index may be that of a deleted call, which is not to be fetched again. */
class DamagedIndex extends Error {
  override readonly name = "DamagedIndex";

  constructor(conversationId: string) {
    super(`the index of ${conversationId} is damaged: npm run verify -- --fix rebuilds it, if its call is there`);
  }
}

async function looked(listed: ListedConversation, from: Reconciling): Promise<Found> {
  try {
    const found = await readIndex(from.archive, listed.conversationId);
    if (found.isDamaged) throw new DamagedIndex(listed.conversationId);
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
  const recording = await fetchedRecording(event, key, from);
  const metadata = { source: "api", "received-at": receivedAt.toISOString() };
  try {
    await from.archive.put(key, body, { only: "if-absent", metadata, contentType: "application/json" });
    return { call: "recovered", ...recording, key };
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    // It came meanwhile. Who processes it finds the recording, unless that was done before.
    const { index } = await readIndex(from.archive, conversationId);
    return { call: "present", ...recording, ...(index.home && (await withItsRow(recording, key, from))) };
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
  const recording = await fetchedRecording(event, key, from);
  return { call: "present", ...recording, ...(await withItsRow(recording, key, from)) };
}
