import { readEvent } from "../call/event.ts";
import { kindAt, mp3Key, rawKey } from "../call/keys.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { ifUnchanged, type ObjectHead, type PutOptions } from "../clients/archive/archive.ts";
import { FINISHED, type ListedConversation } from "../clients/elevenlabs/conversation-source.ts";
import { isRefusalOfKey } from "../clients/http/service-errors.ts";
import { reasonOf } from "../clients/observability/log.ts";
import { isFinallyAbsent } from "../process/absent-recording.ts";
import { isCallDeleted } from "../process/call-keys.ts";
import { type ConversationIndex, type FoundIndex, readIndex } from "../process/conversation-index.ts";
import { callState } from "./call-state.ts";
import { inEnvelope, NotTheConversation } from "./envelope.ts";
import { fateOf, type ReconcileDeps, type Reconciled } from "./reconcile-deps.ts";
import { recoverRecording, requestRow } from "./recording-of-call.ts";

type CallOutcome = Omit<Reconciled, "conversationId">;

const PRESENT: CallOutcome = { call: "present", recording: "present", reasons: [] };
const NAMELESS: CallOutcome = { call: "unrecoverable", recording: "unfinished", reasons: ["listed without an id"] };
const UNFINISHED: CallOutcome = { call: "unfinished", recording: "unfinished", reasons: [] };
const DELETED: CallOutcome = { call: "deleted", recording: "none", reasons: [] };

/**
 * Sees to it that the archive has a conversation that ElevenLabs lists, and its recording.
 *
 * A call is there if its index says so, and as far as `checkDepth` requires, if its JSON is there and whole. One that
 * was deleted on purpose stays deleted. What is fetched is put on condition that nothing is there, or still what is damaged, so a
 * webhook never loses to it. The recording is put before the JSON, whose event has the processor write the rows: a run
 * that dies in between leaves a call that is still missing. May run any number of times; on what is there it writes
 * nothing. Never throws: one stops no other.
 */
export async function reconcileCall(listed: ListedConversation, deps: ReconcileDeps): Promise<Reconciled> {
  const { conversationId } = listed;
  if (conversationId === "") return { conversationId, ...NAMELESS };
  const found = listed.isFinished ? await checkCall(listed, deps) : UNFINISHED;
  return { conversationId, ...found };
}

/** A damaged index may be that of a deleted call, which is not to be fetched again. */
class DamagedIndex extends Error {
  override readonly name = "DamagedIndex";

  constructor(conversationId: string) {
    super(`the index of ${conversationId} is damaged: npm run verify -- --fix rebuilds it, if its call is there`);
  }
}

async function checkCall(listed: ListedConversation, deps: ReconcileDeps): Promise<CallOutcome> {
  try {
    const found = await readIndex(deps.archive, listed.conversationId);
    if (found.isDamaged) throw new DamagedIndex(listed.conversationId);
    if (found.index.deleted) return DELETED;
    if (!isCallKnown(found.index)) return await recoverMissingCall(listed, deps);
    const seen = await callState(found.index, deps.checkDepth?.(listed) ?? "index", deps.archive);
    if (seen.state === "gone") return await recoverMissingCall(listed, deps, LOST);
    if (seen.state === "damaged") return await recoverDamagedCall(listed, seen, deps);
    return await checkKnownCall(listed, found, deps);
  } catch (error) {
    const refusal = isRefusalOfKey(error) ? { refusal: error } : {};
    return { call: fateOf(error), recording: "unfinished", reasons: [reasonOf(error)], ...refusal };
  }
}

/** Audio alone does not make a call known: its transcription is missing. */
function isCallKnown({ home, objects }: ConversationIndex): boolean {
  return home !== undefined || Object.keys(objects).some((key) => kindAt(key)?.role !== "beside");
}

/** Of a call that was here. */
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
  if (await storeIfAbsent(fetched, "if-absent", deps)) return { call: "recovered", ...recording, key };
  // It came meanwhile. Who processes it finds the recording, unless that was done before.
  const { index } = await readIndex(deps.archive, conversationId);
  return { call: "present", ...recording, ...(index.home && (await requestRow(found, key, deps))) };
}

/**
 * Fetches a call whose JSON is damaged, and puts it over that, if it is still what was looked at.
 *
 * @throws what fetching it throws, and NotTheConversation if it belongs elsewhere by now.
 */
export async function recoverDamagedCall(
  { conversationId }: Pick<ListedConversation, "conversationId">,
  { object, what }: { readonly object: Pick<ObjectHead, "key" | "etag">; readonly what: string },
  deps: ReconcileDeps,
): Promise<CallOutcome> {
  if (deps.isDryRun) return { call: "missing", recording: "unfinished", reasons: [`its JSON ${what}`] };
  const fetched = await fetchCall(conversationId, deps);
  if (!fetched) return UNFINISHED;
  if (fetched.key !== object.key) throw new NotTheConversation(`ElevenLabs has it as ${fetched.key}`);
  const { needsRow: _, ...recording } = await recoverRecording(fetched, deps);
  const isRecovered = await storeIfAbsent(fetched, { ifMatch: object.etag }, deps);
  return { call: isRecovered ? "recovered" : "present", ...recording, ...(isRecovered && { key: fetched.key }) };
}

/** The call as ElevenLabs has it, and where it belongs; `undefined` if it is not over. */
async function fetchCall(conversationId: string, deps: ReconcileDeps) {
  const data = await deps.conversations.conversation(conversationId);
  if (!data) throw new NotTheConversation(`ElevenLabs no longer has ${conversationId}`);
  const receivedAt = deps.now();
  const { body, event, status } = inEnvelope(data, conversationId, receivedAt);
  if (status !== null && !FINISHED.has(status)) return undefined;
  return { body, event, receivedAt, key: rawKey(event, body) };
}

/** Whether the call was put: not if another one came meanwhile. */
async function storeIfAbsent(
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
    // Stored by a run that died before it could say so.
    const isWithoutRow = writtenAt !== undefined && mp3.lastModified > writtenAt && !deps.isDryRun;
    return { ...PRESENT, ...(isWithoutRow && (await requestRow({ recording: "recovered" }, key, deps))) };
  }
  if (listed.durationSecs === 0) return { ...PRESENT, recording: "none" };
  const { recording: absent, objects } = index;
  if (isFinallyAbsent(absent) && !deps.retriesRecordings) return { ...PRESENT, recording: "none" };
  const object = await deps.archive.get(key);
  if (!object && (await isCallDeleted(index, deps.archive))) return recoverMissingCall(listed, deps, LOST);
  const event = object && readEvent(object.body);
  const isCall = event && isKnown(event) && KINDS[event.kind].role === "call";
  if (!object || !isCall) return { ...PRESENT, recording: "none" };
  const receivedAt = new Date(objects[key]?.received_at ?? object.lastModified);
  const found = await recoverRecording({ event, key, receivedAt, absent }, deps);
  const { needsRow: _, ...recording } = found;
  return { call: "present", ...recording, ...(await requestRow(found, key, deps)) };
}
