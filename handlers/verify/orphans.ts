import { TABLES } from "../../queries/tables/all.ts";
import { liveKey } from "../../queries/tables/table.ts";
import { INDEX, kindAt, parsedKey } from "../call/keys.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { callKeys, isCallGone } from "../process/call-keys.ts";
import { type ConversationIndex, readIndex } from "../process/conversation-index.ts";
import {
  type ArchiveFinding,
  type ArchiveProblem,
  byHand,
  fetchable,
  findingsAt,
  inWork,
  repairableBy,
  type Verified,
  verified,
} from "./archive-finding.ts";
import { ERASE_AGAIN, leftOfDeletion } from "./deletion-check.ts";
import { isLeased } from "./record-check.ts";
import { GRACE_MS, type VerifyDeps } from "./verify-deps.ts";

/**
 * The problem of a damaged index. The objects of its conversation have separate findings: they count as not processed.
 */
const DAMAGED = repairableBy(
  "process",
  "record",
  "is damaged: what was done with its conversation cannot be read",
  "process the conversation again, which rebuilds it (--fix); if its call is gone, restore it (docs/operating.md)",
);

/** Verifies an object that is not processed: a recording, an index or a file that belongs to no call. */
export function verifyOther(key: string, deps: VerifyDeps): Promise<Verified> | Verified {
  if (key.startsWith(INDEX)) return verifyIndex(key, deps);
  if (key.endsWith(".mp3") && kindAt(jsonKey(key))?.expects.recording === "beside it") return verifyMp3(key, deps);
  const isInternal = key.startsWith("_");
  const finding = byHand(
    "stray",
    "has a key that nothing processes",
    "rename it to {caller}/{conversation id}.json, or move it out of the archive",
  );
  return verified(key, findingsAt(key, isInternal ? [] : [finding]));
}

/**
 * Verifies that an MP3 has its call. Its bytes are checked with the call. A fetch stores the recording before the call.
 */
async function verifyMp3(key: string, { archive, now }: VerifyDeps): Promise<Verified> {
  if (await archive.head(jsonKey(key))) return verified(key, []);
  const { conversation = "" } = parsedKey(jsonKey(key)) ?? {};
  const { deleted } = (await readIndex(archive, conversation)).index;
  if (deleted) return verified(key, findingsAt(key, [leftOfDeletion(deleted)]));
  const head = await archive.head(key);
  if (!head || head.lastModified.getTime() + GRACE_MS > now().getTime()) return inWork(key);
  const remedy =
    "restore its JSON (docs/operating.md) or fetch it (npm run backfill); if it was deleted on purpose: npm run erase";
  return verified(key, findingsAt(key, [byHand("orphan recording", "is a recording without its call", remedy)]));
}

/**
 * Verifies the index of a conversation whose JSON is gone: deleted on purpose, or lost. The rows of a deleted
 * conversation must be gone, too. Those of a lost one are the last that is known of it.
 */
async function verifyIndex(key: string, deps: VerifyDeps): Promise<Verified> {
  const { index, isDamaged } = await readIndex(deps.archive, key.slice(INDEX.length));
  if (isDamaged) return verified(key, findingsAt(key, [DAMAGED]));
  const isOfAudio = index.deleted === undefined && callKeys(index).length === 0;
  if (isOfAudio) return verifyAudioIndex(key, index, deps);
  if (!index.deleted && !(await isCallGone(index, deps.archive))) return verified(key, []);
  if (isLeased(index, deps.now())) return inWork(key);
  if (!index.deleted) return verified(key, findingsAt(key, [lost(index)]));
  const what = `belongs to a conversation that was deleted on ${index.deleted.at} because: ${index.deleted.reason}`;
  const deleted = findingsAt(key, [byHand("deleted", what, "nothing: while its index exists, it stays deleted")]);
  return verified(key, [...deleted, ...(await rowsLeft(index, key.slice(INDEX.length), deps.analytics))]);
}

/**
 * Verifies the index of audio without a call. On AWS delivered audio is kept for 30 days, whether its call came or not.
 */
async function verifyAudioIndex(key: string, { objects }: ConversationIndex, deps: VerifyDeps): Promise<Verified> {
  const keys = Object.keys(objects);
  if (keys.length === 0 || (await isAnyThere(keys, deps.archive))) return verified(key, []);
  const what = "belongs to audio whose call never came, and which has expired";
  return verified(
    key,
    findingsAt(key, [byHand("waiting audio", what, "npm run backfill fetches the call, if ElevenLabs still has it")]),
  );
}

function lost(index: ConversationIndex): ArchiveProblem {
  const [jsonKey = ""] = callKeys(index);
  const what = `belongs to a call whose JSON is gone (${jsonKey}), and no deletion is on record`;
  const restore = "restore a version of it (docs/operating.md)";
  const erase = `if it was deleted on purpose, record that: npm run erase -- --conversation ${index.conversation} --reason "…"`;
  if (kindAt(jsonKey)?.role === "alone") return byHand("lost", what, `${restore}; ${erase}`);
  return fetchable(
    "lost",
    what,
    `${restore}, or fetch it (npm run backfill, or --fix with ELEVENLABS_API_KEY); ${erase}`,
  );
}

async function rowsLeft(
  { hours }: ConversationIndex,
  conversation: string,
  analytics: Pick<Archive, "head">,
): Promise<ArchiveFinding[]> {
  const keys = hours.flatMap((hour) => TABLES.map(({ name }) => liveKey(name, hour, conversation)));
  const heads = await Promise.all(keys.map((key) => analytics.head(key)));
  return heads.flatMap((head) => (head ? rowsOfDeleted(head.key) : []));
}

/** The finding for rows at `key` of a deleted call. */
export function rowsOfDeleted(key: string): ArchiveFinding[] {
  return orphanRows(key, "are rows of a call that was deleted", ERASE_AGAIN);
}

/** The finding for rows at `key` that belong to no call. */
export function orphanRows(
  key: string,
  what: string,
  remedy = "restore the call's JSON, if it should be there (docs/operating.md); only if it was deleted on purpose, delete the rows, too, and rebuild their day (npm run compact -- --day)",
): ArchiveFinding[] {
  return findingsAt(key, [byHand("orphan rows", what, remedy)]);
}

async function isAnyThere(keys: readonly string[], archive: Pick<Archive, "head">): Promise<boolean> {
  for (const key of keys) if (await archive.head(key)) return true;
  return false;
}

function jsonKey(mp3: string): string {
  return mp3.replace(/\.mp3$/, ".json");
}
