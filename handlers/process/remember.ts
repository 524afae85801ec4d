import type { Memories, Memory } from "../clients/memory/memories.ts";
import { isRefusalOfMemory } from "../clients/memory/refused-memory.ts";
import type { MemoryRecord } from "./conversation-index.ts";
import { Unprocessable } from "./unprocessable.ts";

/**
 * The record to write before the memories of a conversation change: memories may exist under these user ids.
 * `undefined` if there are none and none will be added.
 */
export function memoryIntent(before: MemoryRecord | undefined, memories: readonly Memory[]): MemoryRecord | undefined {
  const userIds = new Set([...(before?.user_ids ?? []), ...memories.map((memory) => memory.user_id)]);
  return userIds.size === 0 ? undefined : { state: "adding", user_ids: [...userIds] };
}

/** The result of `replaceMemories`. */
export interface Remembered {
  readonly memory: MemoryRecord | undefined;
  /** Absent if the store refused no memory. */
  readonly refusal?: Unprocessable;
}

/**
 * Replaces the memories of a conversation with `memories`: deletes those of earlier runs, then adds.
 *
 * `before` is the record from before this run wrote its intent. The memory service has no idempotency key, so an add
 * without a confirmation may still arrive. The store is also searched if nothing is on record, so that a lost index
 * does not lead to a second copy of a memory.
 *
 * If the store refuses the content of one memory, the other one is still added.
 *
 * @returns the new record, and why memories were refused, if any were.
 * @throws other errors of the store: a retry may help.
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
