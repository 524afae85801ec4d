import { TABLES } from "../../queries/tables/all.ts";
import { liveKey } from "../../queries/tables/table.ts";
import { parsedKey } from "../call/keys.ts";
import type { Archive } from "../clients/archive.ts";
import { type ConversationIndex, readIndex } from "../process/conversation-index.ts";
import { byHand, type Finding, findingsAt, inWork, repairableBy, type Verified, verified } from "./finding.ts";
import { isLeased } from "./record-check.ts";
import { GRACE_MS, type Verifying } from "./verifying.ts";

const INDEX = "_index/";

/** The objects of the conversation are findings of their own: they count as not processed. */
const DAMAGED = repairableBy(
  "process",
  "record",
  "is damaged: what was done with its conversation cannot be read",
  "process the conversation again, which rebuilds it (--fix); if its call is gone, restore it (docs/operating.md)",
);

/**
 * Says what does not hold of an object that is not processed: a recording that is beside no call, an index of nothing,
 * a file that does not belong here.
 */
export function verifyOther(key: string, from: Verifying): Promise<Verified> | Verified {
  if (key.startsWith(INDEX)) return verifyIndex(key, from);
  if (key.endsWith(".mp3") && parsedKey(jsonKey(key))?.kind === "transcription") return verifyMp3(key, from);
  const isOurs = key.startsWith("_");
  const stray = byHand(
    "stray",
    "has a key that nothing processes",
    "rename it to {caller}/{conversation id}.json or delete it",
  );
  return verified(key, findingsAt(key, isOurs ? [] : [stray]));
}

/** The recording itself is looked at with its call. Whoever fetches both stores the recording first. */
async function verifyMp3(key: string, { archive, now }: Verifying): Promise<Verified> {
  if (await archive.head(jsonKey(key))) return verified(key, []);
  const head = await archive.head(key);
  if (!head || head.lastModified.getTime() + GRACE_MS > now().getTime()) return inWork(key);
  const remedy =
    "restore its JSON (docs/operating.md), or fetch it (npm run backfill); only if the call was deleted on purpose, delete the recording, too";
  return verified(key, findingsAt(key, [byHand("orphan recording", "is a recording without its call", remedy)]));
}

/** An index all of whose objects are gone is how a deletion is remembered. The rows should be gone, too. */
async function verifyIndex(key: string, from: Verifying): Promise<Verified> {
  const { index, isDamaged } = await readIndex(from.archive, key.slice(INDEX.length));
  if (isDamaged) return verified(key, findingsAt(key, [DAMAGED]));
  const objects = Object.keys(index.objects);
  if (objects.length === 0 || (await isAnyThere(objects, from.archive))) return verified(key, []);
  if (isLeased(index, from.now())) return inWork(key);
  const what = "is of a conversation that is not in the archive any more: deleted, or audio whose time was over";
  const remedy = "nothing, if it was to go: as long as its index is there, it stays gone";
  const deleted = findingsAt(key, [byHand("deleted", what, remedy)]);
  return verified(key, [...deleted, ...(await rowsLeft(index, key.slice(INDEX.length), from.analytics))]);
}

async function rowsLeft(
  { days }: ConversationIndex,
  conversation: string,
  analytics: Pick<Archive, "head">,
): Promise<Finding[]> {
  const keys = days.flatMap((day) => TABLES.map(({ name }) => liveKey(name, day, conversation)));
  const heads = await Promise.all(keys.map((key) => analytics.head(key)));
  return heads.flatMap((head) => (head ? orphanRows(head.key, "are rows of a call that is not there any more") : []));
}

/** The finding that nothing answers for the rows at `key`. */
export function orphanRows(key: string, what: string): Finding[] {
  const remedy =
    "restore the call's JSON, if it should be there (docs/operating.md); only if it was deleted on purpose, delete the rows, too, and have their day rebuilt (npm run compact -- --day)";
  return findingsAt(key, [byHand("orphan rows", what, remedy)]);
}

async function isAnyThere(keys: readonly string[], archive: Pick<Archive, "head">): Promise<boolean> {
  for (const key of keys) if (await archive.head(key)) return true;
  return false;
}

function jsonKey(mp3: string): string {
  return mp3.replace(/\.mp3$/, ".json");
}
