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
 * Takes the lease and writes `next` with it, in one conditional put, so that the intent is on record before the steps
 * begin.
 *
 * @throws LeaseHeld if another process holds the lease, or took it after the index was read.
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
 * Records the steps that were done with the object at `key`, and releases the lease, in one conditional put.
 *
 * @throws PreconditionFailed if the lease expired and another processor took it.
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
    const rows = { ...index.rows, ...change.rows };
    await writeIndex(archive, { ...index, ...change, objects, rows, lease: undefined }, etag);
  } catch (error) {
    if (error instanceof PreconditionFailed) await withdrawRecord(archive, index, key, record);
    throw error;
  }
}

/** More than the number of processes that can write one index at the same time. */
const WITHDRAW_TRIES = 10;

/**
 * Records that no step of an object is done, and every hour and user id that this run may have written. A processor that
 * lost its lease may have written older rows after its successor: the retry does all steps again.
 */
async function withdrawRecord(
  archive: Pick<Archive, "get" | "put">,
  mine: ConversationIndex,
  key: string,
  record: ObjectRecord,
  tries = WITHDRAW_TRIES,
): Promise<void> {
  const { index, etag } = await readIndex(archive, mine.conversation);
  const objects = { ...index.objects, [key]: { ...(index.objects[key] ?? record), done: [] } };
  const hours = [...new Set([...index.hours, ...mine.hours])];
  const userIds = new Set([...(index.memory?.user_ids ?? []), ...(mine.memory?.user_ids ?? [])]);
  const memory = userIds.size === 0 ? undefined : ({ state: "adding", user_ids: [...userIds] } as const);
  // A changed name: with the same bytes the ETag would not change, and the next write of the holder would succeed.
  const lease = index.lease && { ...index.lease, holder: `${mine.lease?.holder}, which lost it` };
  try {
    await writeIndex(archive, { ...index, objects, hours, memory, lease }, etag);
  } catch (error) {
    // The successor has just written the index, and may have recorded its steps as done. They must not count as done.
    if (!(error instanceof PreconditionFailed) || tries === 1) throw error;
    await withdrawRecord(archive, mine, key, record, tries - 1);
  }
}
