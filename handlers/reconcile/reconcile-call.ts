import { readEvent } from "../call/event.ts";
import { kindAt, mp3Key, rawKey } from "../call/keys.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { ifUnchanged, type ObjectHead, type PutOptions } from "../clients/archive/archive.ts";
import { FINISHED, type ListedConversation } from "../clients/elevenlabs/conversation-source.ts";
import { isRefusalOfKey } from "../clients/http/service-errors.ts";
import { reasonOf } from "../clients/observability/log.ts";
import { isFinallyAbsent } from "../process/absent-recording.ts";
import { isCallGone } from "../process/call-keys.ts";
import { type ConversationIndex, type FoundIndex, readIndex } from "../process/conversation-index.ts";
import { callState } from "./call-state.ts";
import { inEnvelope, NotTheConversation } from "./envelope.ts";
import { type ReconcileDeps, type Reconciled, statusAfter } from "./reconcile-deps.ts";
import { recoverRecording, requestRow } from "./recording-of-call.ts";

type CallOutcome = Omit<Reconciled, "conversationId">;

const PRESENT: CallOutcome = { call: "present", recording: "present", reasons: [] };
const NAMELESS: CallOutcome = { call: "unrecoverable", recording: "unfinished", reasons: ["listed without an id"] };
const UNFINISHED: CallOutcome = { call: "unfinished", recording: "unfinished", reasons: [] };
const DELETED: CallOutcome = { call: "deleted", recording: "none", reasons: [] };

/**
 * Fetches a conversation that ElevenLabs lists, and its recording, if the archive lacks them.
 *
 * A call is present if it is on record in its index and, as far as `checkDepth` requires, its JSON exists and is
 * undamaged. A call that was deleted on purpose stays deleted. A fetched call is put on condition that there is no
 * object, or still the damaged one, so it never replaces a webhook. The recording is put before the JSON, because the
 * put of the JSON starts its processing: after a crash in between, the call is still missing. May run any number of
 * times, and writes nothing if nothing is missing. Never throws, so that one call does not stop the others.
 */
export async function reconcileCall(listed: ListedConversation, deps: ReconcileDeps): Promise<Reconciled> {
  const { conversationId } = listed;
  if (conversationId === "") return { conversationId, ...NAMELESS };
  const found = listed.isFinished ? await checkCall(listed, deps) : UNFINISHED;
  return { conversationId, ...found };
}

/** The index is damaged. Its call may have been deleted on purpose, so it is not fetched. */
class DamagedIndex extends Error {
  override readonly name = "DamagedIndex";

  constructor(conversationId: string) {
    super(`the index of ${conversationId} is damaged: npm run verify -- --fix rebuilds it if its call is here`);
  }
}

async function checkCall(listed: ListedConversation, deps: ReconcileDeps): Promise<CallOutcome> {
  try {
    const depth = deps.checkDepth?.(listed) ?? "index";
    const isRecorded = (await deps.isRecorded?.(listed)) ?? false;
    if (isRecorded && depth === "index") return PRESENT;
    const found = await readIndex(deps.archive, listed.conversationId);
    if (found.isDamaged) throw new DamagedIndex(listed.conversationId);
    if (found.index.deleted) return DELETED;
    if (!isCallKnown(found.index)) return await recoverMissingCall(listed, deps);
    const seen = await callState(found.index, depth, deps.archive);
    if (seen.state === "gone") return await recoverMissingCall(listed, deps, LOST);
    if (seen.state === "damaged") return await recoverDamagedCall(listed, seen, deps);
    return isRecorded ? PRESENT : await checkKnownCall(listed, found, deps);
  } catch (error) {
    const refusal = isRefusalOfKey(error) ? { refusal: error } : {};
    return { call: statusAfter(error), recording: "unfinished", reasons: [reasonOf(error)], ...refusal };
  }
}

/** Whether a call is on record. With only an audio event it is not: its transcription is missing. */
function isCallKnown({ home, objects }: ConversationIndex): boolean {
  return home !== undefined || Object.keys(objects).some((key) => kindAt(key)?.role !== "beside");
}

/** The reason for a call that is on record, but whose JSON no longer exists. */
const LOST = ["its JSON is gone from the archive"];

async function recoverMissingCall(
  { conversationId }: Pick<ListedConversation, "conversationId">,
  deps: ReconcileDeps,
  reasons: readonly string[] = [],
): Promise<CallOutcome> {
  if (deps.isDryRun) return { call: "missing", recording: "unfinished", reasons };
  const fetched = await fetchCall(conversationId, deps);
  if (!fetched) return UNFINISHED;
  const { key } = fetched;
  const found = await recoverRecording(fetched, deps);
  const { needsRow: _, ...recording } = found;
  if (await storeIfUnchanged(fetched, "if-absent", deps)) return { call: "recovered", ...recording, key };
  // The call arrived meanwhile. Its processing finds the recording, unless it is already processed.
  const { index } = await readIndex(deps.archive, conversationId);
  return { call: "present", ...recording, ...(index.home && (await requestRow(found, key, deps))) };
}

/**
 * Fetches a call whose JSON is damaged, and replaces the JSON if it did not change meanwhile.
 *
 * @throws the errors of fetching, and NotTheConversation if the fetched call has another key.
 */
export async function recoverDamagedCall(
  { conversationId }: Pick<ListedConversation, "conversationId">,
  { object, what }: { readonly object: Pick<ObjectHead, "key" | "etag">; readonly what: string },
  deps: ReconcileDeps,
): Promise<CallOutcome> {
  if (deps.isDryRun) return { call: "missing", recording: "unfinished", reasons: [`its JSON ${what}`] };
  const fetched = await fetchCall(conversationId, deps);
  if (!fetched) return UNFINISHED;
  if (fetched.key !== object.key) throw new NotTheConversation(`its key would now be ${fetched.key}`);
  const { needsRow: _, ...recording } = await recoverRecording(fetched, deps);
  const isRecovered = await storeIfUnchanged(fetched, { ifMatch: object.etag }, deps);
  return { call: isRecovered ? "recovered" : "present", ...recording, ...(isRecovered && { key: fetched.key }) };
}

/** Fetches a call, and returns it with its key; `undefined` if it is not over. */
async function fetchCall(conversationId: string, deps: ReconcileDeps) {
  const data = await deps.conversations.conversation(conversationId);
  if (!data) throw new NotTheConversation(`ElevenLabs no longer has ${conversationId}`);
  const receivedAt = deps.now();
  const { body, event, status } = inEnvelope(data, conversationId, receivedAt);
  if (status !== null && !FINISHED.has(status)) return undefined;
  return { body, event, receivedAt, key: rawKey(event, body, deps.defaultCountryCode) };
}

/** Puts a call on condition. Returns false if another object was put meanwhile. */
async function storeIfUnchanged(
  { key, body, receivedAt }: { readonly key: string; readonly body: Buffer; readonly receivedAt: Date },
  only: NonNullable<PutOptions["only"]>,
  { archive }: ReconcileDeps,
): Promise<boolean> {
  const metadata = { source: "api", "received-at": receivedAt.toISOString() };
  const put = await ifUnchanged(() => archive.put(key, body, { only, metadata, contentType: "application/json" }));
  return put !== undefined;
}

async function checkKnownCall(
  listed: ListedConversation,
  { index, writtenAt }: FoundIndex,
  deps: ReconcileDeps,
): Promise<CallOutcome> {
  if (!index.home) return { ...PRESENT, recording: "none" };
  const { key } = index.home;
  const mp3 = await deps.archive.head(mp3Key(key));
  if (mp3) {
    // The MP3 is from a run that crashed before it could request the row.
    const isWithoutRow = writtenAt !== undefined && mp3.lastModified > writtenAt && !deps.isDryRun;
    return { ...PRESENT, ...(isWithoutRow && (await requestRow({ recording: "recovered" }, key, deps))) };
  }
  if (listed.durationSecs === 0) return { ...PRESENT, recording: "none" };
  const { recording: absent, objects } = index;
  if (isFinallyAbsent(absent) && !deps.retriesRecordings) return { ...PRESENT, recording: "none" };
  const object = await deps.archive.get(key);
  if (!object && (await isCallGone(index, deps.archive))) return recoverMissingCall(listed, deps, LOST);
  const event = object && readEvent(object.body);
  const isCall = event && isKnown(event) && KINDS[event.kind].role === "call";
  if (!object || !isCall) return { ...PRESENT, recording: "none" };
  const receivedAt = new Date(objects[key]?.received_at ?? object.lastModified);
  const found = await recoverRecording({ event, key, receivedAt, absent }, deps);
  const { needsRow: _, ...recording } = found;
  return { call: "present", ...recording, ...(await requestRow(found, key, deps)) };
}
