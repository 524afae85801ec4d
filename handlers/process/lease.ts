import { type Archive, PreconditionFailed } from "../clients/archive.ts";
import { LeaseHeld, type Leasing, nextLease } from "../clients/lease.ts";
import { type ConversationIndex, type FoundIndex, writeIndex } from "./conversation-index.ts";

/**
 * Takes the lease and writes `next` with it, in one conditional put: what is intended is on record before it is done.
 *
 * @throws LeaseHeld if somebody holds it, or took it between reading and writing.
 */
export async function takeLease(
  archive: Pick<Archive, "put">,
  found: FoundIndex,
  next: ConversationIndex,
  leasing: Leasing,
  now: Date,
): Promise<FoundIndex> {
  const lease = nextLease(found.index.lease, next.conversation, leasing, now);
  try {
    return await writeIndex(archive, { ...next, lease }, found.etag);
  } catch (error) {
    if (error instanceof PreconditionFailed) throw new LeaseHeld(next.conversation, { cause: error });
    throw error;
  }
}
