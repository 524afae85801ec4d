import type { Memories, Memory } from "../clients/memories.ts";
import type { MemoryRecord } from "./conversation-index.ts";

/**
 * What is to be on record before the first memory of a conversation is touched: that memories of it may exist,
 * and under whom. `undefined` if there are none and will be none.
 */
export function memoryIntent(before: MemoryRecord | undefined, memories: readonly Memory[]): MemoryRecord | undefined {
  const userIds = new Set([...(before?.user_ids ?? []), ...memories.map((memory) => memory.user_id)]);
  return userIds.size === 0 ? undefined : { state: "adding", user_ids: [...userIds] };
}

/**
 * Makes `memories` the only memories of their conversation: forgets what earlier runs added, then adds.
 *
 * `before` is what was on record before this run put its intent there. Mem0 has no idempotency key, so an add
 * that was begun and never confirmed is treated as one that may still arrive. Where nothing is on record, the
 * store is asked all the same: an index can be lost, and a memory must not be doubled for it.
 *
 * @returns what to put on record now.
 */
export async function replaceMemories(
  memories: readonly Memory[],
  before: MemoryRecord | undefined,
  conversationId: string,
  store: Memories,
): Promise<MemoryRecord | undefined> {
  const userIds = [...new Set(memories.map((memory) => memory.user_id))];
  const isUncertain = before !== undefined && before.state !== "added";
  for (const userId of new Set([...(before?.user_ids ?? []), ...userIds])) {
    await store.forget(userId, conversationId, { inFlight: isUncertain });
  }
  let state: MemoryRecord["state"] = "added";
  for (const memory of memories) {
    if ((await store.add(memory)) === "accepted") state = "accepted";
  }
  return userIds.length === 0 ? undefined : { state, user_ids: userIds };
}
