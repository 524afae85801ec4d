import { type Archive, PreconditionFailed } from "../clients/archive/archive.ts";
import { LeaseHeld, type LeaseOptions, nextLease } from "../clients/lease.ts";
import {
  type ConversationIndex,
  type FoundIndex,
  type ObjectRecord,
  readIndex,
  writeIndex,
} from "./conversation-index.ts";

/**
 * Takes the lease and writes `next` with it, in one conditional put: what is intended is on record before it is done.
 *
 * @throws LeaseHeld if somebody holds it, or took it between reading and writing.
 */
export async function takeLease(
  archive: Pick<Archive, "put">,
  found: FoundIndex,
  next: ConversationIndex,
  leaseOptions: LeaseOptions,
  now: Date,
): Promise<FoundIndex> {
  const lease = nextLease(found.index.lease, next.conversation, leaseOptions, now);
  try {
    return await writeIndex(archive, { ...next, lease }, found.etag);
  } catch (error) {
    if (error instanceof PreconditionFailed) throw new LeaseHeld(next.conversation, undefined, now, { cause: error });
    throw error;
  }
}

/**
 * Puts on record what was done with the object at `key`, and gives the lease back, in one conditional put.
 *
 * @throws PreconditionFailed if another processor took over, since the lease had run out.
 */
export async function releaseLease(
  archive: Pick<Archive, "get" | "put">,
  { index, etag }: FoundIndex,
  key: string,
  record: ObjectRecord,
  change: Partial<ConversationIndex>,
): Promise<void> {
  const objects = { ...index.objects, ...change.objects, [key]: record };
  try {
    await writeIndex(archive, { ...index, ...change, objects, lease: undefined }, etag);
  } catch (error) {
    if (error instanceof PreconditionFailed) await withdrawRecord(archive, index, key, record);
    throw error;
  }
}

/** More than there can be others who write this index at the same moment. */
const DISOWNING_TRIES = 10;

/**
 * Puts on record that nothing of an object counts as done, and all that may exist of its conversation. Whoever lost the
 * lease may have written after the one who took over, and of older bytes: the retry does everything again.
 */
async function withdrawRecord(
  archive: Pick<Archive, "get" | "put">,
  mine: ConversationIndex,
  key: string,
  record: ObjectRecord,
  tries = DISOWNING_TRIES,
): Promise<void> {
  const { index, etag } = await readIndex(archive, mine.conversation);
  const objects = { ...index.objects, [key]: { ...(index.objects[key] ?? record), done: [] } };
  const days = [...new Set([...index.days, ...mine.days])];
  const userIds = new Set([...(index.memory?.user_ids ?? []), ...(mine.memory?.user_ids ?? [])]);
  const memory = userIds.size === 0 ? undefined : ({ state: "adding", user_ids: [...userIds] } as const);
  // In other words than those of whoever holds it now: the same bytes would have the same ETag, and it would not notice.
  const lease = index.lease && { ...index.lease, holder: `${mine.lease?.holder}, which lost it` };
  try {
    await writeIndex(archive, { ...index, objects, days, memory, lease }, etag);
  } catch (error) {
    // The one who took over has just written it: that its work is done, perhaps, and now it must not be.
    if (!(error instanceof PreconditionFailed) || tries === 1) throw error;
    await withdrawRecord(archive, mine, key, record, tries - 1);
  }
}
