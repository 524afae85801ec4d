import { type Archive, PreconditionFailed } from "../clients/archive.ts";
import { type ConversationIndex, type FoundIndex, writeIndex } from "./conversation-index.ts";

/** Somebody else works on this conversation. Try again later. */
export class LeaseHeld extends Error {
  override readonly name = "LeaseHeld";

  constructor(conversation: string, options?: ErrorOptions) {
    super(`another processor works on ${conversation}`, options);
  }
}

/** How this processor takes leases. */
export interface Leasing {
  /** Names this processor among all others. */
  readonly holder: string;
  /** How long it may work, in seconds: the longest that a run can take, and a margin. */
  readonly seconds: number;
  /** True where no other processor can be at work: a lease that is found is that of one that died. */
  readonly alone: boolean;
}

/**
 * Takes the lease and writes `next` with it, in one conditional put: what is intended is on record before it is done.
 *
 * @throws LeaseHeld if somebody holds it, or took it between reading and writing.
 */
export async function takeLease(
  archive: Pick<Archive, "put">,
  found: FoundIndex,
  next: ConversationIndex,
  { holder, seconds, alone }: Leasing,
  now: Date,
): Promise<FoundIndex> {
  const { lease } = found.index;
  if (lease && !alone && new Date(lease.until) > now) throw new LeaseHeld(next.conversation);
  const until = new Date(now.getTime() + seconds * 1000).toISOString();
  try {
    return await writeIndex(archive, { ...next, lease: { holder, until } }, found.etag);
  } catch (error) {
    if (error instanceof PreconditionFailed) throw new LeaseHeld(next.conversation, { cause: error });
    throw error;
  }
}
