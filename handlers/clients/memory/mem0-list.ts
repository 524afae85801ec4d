import type { MemoryClient } from "mem0ai";
import { at, list, number, text } from "../../call/json.ts";

/** What Mem0 gives at most by default; it takes up to 200 (docs.mem0.ai, Get Memories, 2026-11). */
const PAGE_SIZE = 100;

/**
 * Ids of every memory that Mem0 holds of this conversation under this user. Mem0 hides a memory that it merged into a
 * fuller one, unless `include_merged` is asked for (docs.mem0.ai, Dream, 2026-08); mem0ai 3.3.1 passes the option on and
 * lacks it in its types.
 *
 * Mem0 is asked to filter, and its answer is filtered again: whoever deletes what is listed here must not
 * reach another conversation on a server that takes a filter for a wish.
 */
export async function memoryIds(
  client: Pick<MemoryClient, "getAll">,
  userId: string,
  conversationId: string,
): Promise<readonly string[]> {
  const filters = { AND: [{ user_id: userId }, { metadata: { conversation_id: conversationId } }] };
  const found = new Set<string>();
  const seen = new Set<string>();
  for (let page = 1; ; page += 1) {
    const everything = { showExpired: true, latestOnly: false, includeMerged: true };
    const answer: unknown = await client.getAll({ filters, page, pageSize: PAGE_SIZE, ...everything });
    const before = seen.size;
    for (const memory of Array.isArray(answer) ? answer : list(at(answer, "results"))) {
      const id = text(at(memory, "id"));
      if (id === null) continue;
      seen.add(id);
      if (isOf(memory, userId, conversationId)) found.add(id);
    }
    const isLast = !at(answer, "next") && seen.size >= (number(at(answer, "count")) ?? 0);
    // A server that does not know pages gives the first one again and again.
    if (isLast || seen.size === before) return [...found];
  }
}

function isOf(memory: unknown, userId: string, conversationId: string): boolean {
  const owner = text(at(memory, "userId"));
  return at(memory, "metadata", "conversation_id") === conversationId && (owner === null || owner === userId);
}
