import { callerOf } from "../call/caller.ts";
import { readEvent } from "../call/event.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import type { DefaultCountryCode } from "../call/phone-number.ts";
import { type Archive, ifUnchanged } from "../clients/archive/archive.ts";
import type { Memories } from "../clients/memory/memories.ts";
import { type ConversationIndex, type FoundIndex, readIndex, writeIndex } from "../process/conversation-index.ts";
import { removeRows } from "../process/live-rows.ts";
import type { Erasure } from "./erasure.ts";

/** The dependencies of `eraseConversation`. */
export interface EraseDeps {
  readonly archive: Pick<Archive, "get" | "put" | "delete">;
  readonly analytics: Pick<Archive, "put" | "delete">;
  /** Absent if no key of the memory store is set. Memories then remain, and the result is `memories left`. */
  readonly memories: Memories | undefined;
  /** Completes national phone numbers, for the user of the memories. */
  readonly defaultCountryCode?: DefaultCountryCode;
  /** True if no processor can be running: a lease is then left over from a crash, and is ignored. */
  readonly isExclusive: boolean;
  readonly now: () => Date;
}

/** The result. `locked`: a processor holds the lease or took it meanwhile. `memories left`: all else is deleted. */
export type Erased = "erased" | "locked" | "memories left";

/**
 * Deletes a conversation on purpose. First records the deletion and its reason in the index, then deletes the rows, the
 * memories and the objects, the JSON last. The index remains, so that the conversation is not fetched or processed
 * again.
 *
 * May run any number of times. A later run completes an earlier one.
 */
export async function eraseConversation(erasure: Erasure, reason: string, deps: EraseDeps): Promise<Erased> {
  const { conversation } = erasure;
  const found = await readIndex(deps.archive, conversation);
  if (found.index.lease && !deps.isExclusive && new Date(found.index.lease.until) > deps.now()) return "locked";
  const recorded = await ifUnchanged(() =>
    writeIndex(deps.archive, indexAfterDeletion(found, reason, deps), found.etag),
  );
  if (!recorded) return "locked";

  await removeRows([...new Set([...erasure.hours, ...found.index.hours])], { ...deps, conversation });
  const areMemoriesDeleted = await deleteMemories(erasure, found.index, deps);
  for (const key of erasure.keys) await deps.archive.delete(key);
  if (!areMemoriesDeleted) return "memories left";
  if (found.index.memory) {
    const { memory: _, ...index } = recorded.index;
    if (!(await ifUnchanged(() => writeIndex(deps.archive, index, recorded.etag)))) return "locked";
  }
  return "erased";
}

/** The index after a deletion. No step counts as done, so that an upload of the conversation is processed in full. */
function indexAfterDeletion({ index }: FoundIndex, reason: string, { now }: Pick<EraseDeps, "now">): ConversationIndex {
  const { lease: _, rows: __, ...rest } = index;
  const objects = Object.fromEntries(
    Object.entries(index.objects).map(([key, { failed: ___, ...record }]) => [key, { ...record, done: [] }]),
  );
  return { ...rest, objects, deleted: { at: now().toISOString(), reason } };
}

/** Deletes the memories of the conversation under each user id on record, and under the caller in its JSON. */
async function deleteMemories(
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
    const { memoryUserId } = callerOf(event, deps.defaultCountryCode);
    const hasMemories = KINDS[event.kind].steps.includes("memory");
    if (hasMemories && memoryUserId !== null && deps.memories) users.add(memoryUserId);
  }
  if (users.size > 0 && !deps.memories) return false;
  const inFlight = index.memory !== undefined && index.memory.state !== "added";
  for (const user of users) await deps.memories?.forget(user, conversationId, { inFlight });
  return true;
}
