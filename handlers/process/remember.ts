import type { Memories, Memory } from "../clients/memory/memories.ts";
import { isRefusalOfMemory } from "../clients/memory/refused-memory.ts";
import type { MemoryRecord } from "./conversation-index.ts";
import { Unprocessable } from "./unprocessable.ts";

/**
 * What is to be on record before the first memory of a conversation is touched: that memories of it may exist,
 * and under whom. `undefined` if there are none and will be none.
 */
export function memoryIntent(before: MemoryRecord | undefined, memories: readonly Memory[]): MemoryRecord | undefined {
  const userIds = new Set([...(before?.user_ids ?? []), ...memories.map((memory) => memory.user_id)]);
  return userIds.size === 0 ? undefined : { state: "adding", user_ids: [...userIds] };
}

/** What came of remembering a call. */
export interface Remembered {
  readonly memory: MemoryRecord | undefined;
  /** Absent if every memory was taken. */
  readonly refusal?: Unprocessable;
}

/**
 * Makes `memories` the only memories of their conversation: forgets what earlier runs added, then adds.
 *
 * `before` is what was on record before this run put its intent there. The memory service has no idempotency key, so an add
 * that was begun and never confirmed is treated as one that may still arrive. Where nothing is on record, the
 * store is asked all the same: an index can be lost, and a memory must not be doubled for it.
 *
 * A memory that the store refuses for what is in it does not keep the other one from being added.
 *
 * @returns what to put on record now, and why memories were refused, if any were.
 * @throws what the store throws otherwise: a retry may help.
 */
export async function replaceMemories(
  memories: readonly Memory[],
  before: MemoryRecord | undefined,
  conversationId: string,
  store: Memories,
): Promise<Remembered> {
  const userIds = [...new Set(memories.map((memory) => memory.user_id))];
  const isUncertain = before !== undefined && before.state !== "added";
  for (const userId of new Set([...(before?.user_ids ?? []), ...userIds])) {
    await store.forget(userId, conversationId, { inFlight: isUncertain });
  }
  let state: MemoryRecord["state"] = "added";
  const refusals: { readonly type: Memory["type"]; readonly reason: string }[] = [];
  for (const memory of memories) {
    try {
      if ((await store.add(memory)) === "accepted") state = "accepted";
    } catch (error) {
      if (!isRefusalOfMemory(error)) throw error;
      refusals.push({ type: memory.type, reason: error.message });
    }
  }
  if (userIds.length === 0) return { memory: undefined };
  if (refusals.length === 0) return { memory: { state, user_ids: userIds } };
  return {
    memory: { state, user_ids: userIds, refused: refusals.map(({ type }) => type) },
    refusal: new Unprocessable(refusals.map(({ reason }) => reason).join("; ")),
  };
}
