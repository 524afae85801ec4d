import { callerOf } from "../call/caller.ts";
import { readEvent } from "../call/event.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { type Archive, ifUnchanged } from "../clients/archive/archive.ts";
import type { Memories } from "../clients/memory/memories.ts";
import { type ConversationIndex, type FoundIndex, readIndex, writeIndex } from "../process/conversation-index.ts";
import { removeRows } from "../process/live-rows.ts";
import type { Erasure } from "./erasure.ts";

/** What erasing needs from outside. */
export interface EraseDeps {
  readonly archive: Pick<Archive, "get" | "put" | "delete">;
  readonly analytics: Pick<Archive, "put" | "delete">;
  /** Absent where no key is at hand: then memories are left, and the answer says so. */
  readonly memories: Memories | undefined;
  /** True where no processor can be at work: then a lease is that of one that died. */
  readonly isExclusive: boolean;
  readonly now: () => Date;
}

/** What came of it. `locked`: a processor works on it, and nothing was done. `memories left`: all else is done. */
export type Erased = "erased" | "locked" | "memories left";

/**
 * Deletes a conversation on purpose: records in its index that it is deleted, and why, before anything goes; then its rows,
 * its memories, and its objects, the JSON last. The index stays, so that nothing brings the conversation back.
 *
 * May run any number of times, and finishes what an earlier run began.
 */
export async function eraseConversation(erasure: Erasure, reason: string, deps: EraseDeps): Promise<Erased> {
  const { conversation } = erasure;
  const found = await readIndex(deps.archive, conversation);
  if (found.index.lease && !deps.isExclusive && new Date(found.index.lease.until) > deps.now()) return "locked";
  const recorded = await ifUnchanged(() =>
    writeIndex(deps.archive, indexAfterDeletion(found, reason, deps), found.etag),
  );
  if (!recorded) return "locked";

  await removeRows(found.index.days, { ...deps, conversation });
  const areForgotten = await forgetCallers(erasure, found.index, deps);
  for (const key of erasure.keys) await deps.archive.delete(key);
  if (!areForgotten) return "memories left";
  if (found.index.memory) {
    const { memory: _, ...index } = recorded.index;
    if (!(await ifUnchanged(() => writeIndex(deps.archive, index, recorded.etag)))) return "locked";
  }
  return "erased";
}

/** Nothing of it counts as done any more: who brings it back has all of it processed. */
function indexAfterDeletion({ index }: FoundIndex, reason: string, { now }: Pick<EraseDeps, "now">): ConversationIndex {
  const { lease: _, ...rest } = index;
  const objects = Object.fromEntries(
    Object.entries(index.objects).map(([key, { failed: __, ...record }]) => [key, { ...record, done: [] }]),
  );
  return { ...rest, objects, deleted: { at: now().toISOString(), reason } };
}

/** Forgets the conversation under each user on record, and under the caller that its JSON names. */
async function forgetCallers(
  { conversation, keys }: Erasure,
  index: ConversationIndex,
  deps: EraseDeps,
): Promise<boolean> {
  const users = new Set(index.memory?.user_ids ?? []);
  let conversationId = conversation;
  for (const key of keys.filter((each) => each.endsWith(".json"))) {
    const object = await deps.archive.get(key);
    const event = object && readEvent(object.body);
    if (!event || !isKnown(event)) continue;
    conversationId = event.conversationId;
    const { memoryUserId } = callerOf(event);
    const isRemembered = KINDS[event.kind].steps.includes("memory");
    if (isRemembered && memoryUserId !== null && deps.memories) users.add(memoryUserId);
  }
  if (users.size > 0 && !deps.memories) return false;
  const inFlight = index.memory !== undefined && index.memory.state !== "added";
  for (const user of users) await deps.memories?.forget(user, conversationId, { inFlight });
  return true;
}
