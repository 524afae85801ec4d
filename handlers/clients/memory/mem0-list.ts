import type { MemoryClient } from "mem0ai";
import { at, list, number, text } from "../../call/json.ts";

/** Mem0's default page size; it accepts up to 200 (docs.mem0.ai, Get Memories, 2026-11). */
const PAGE_SIZE = 100;

/**
 * Returns the ids of all memories that Mem0 has of this conversation under this user. Mem0 hides a memory that it
 * merged into a fuller one, unless `include_merged` is set (docs.mem0.ai, Dream, 2026-08). mem0ai 3.3.1 sends the
 * option, but its types lack it.
 *
 * Filters Mem0's answer again. The caller deletes these memories, and a server that ignores filters would list other
 * conversations, too.
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
    // A server without paging returns the first page every time.
    if (isLast || seen.size === before) return [...found];
  }
}

function isOf(memory: unknown, userId: string, conversationId: string): boolean {
  const owner = text(at(memory, "userId"));
  return at(memory, "metadata", "conversation_id") === conversationId && (owner === null || owner === userId);
}
