import type { Memories, Memory } from "../../../handlers/clients/memory/memories.ts";

/** Memories in a list, for tests that ask what is remembered. */
export function listMemories(): Memories & { readonly all: readonly Memory[] } {
  const all: Memory[] = [];
  return {
    all,
    async add(memory) {
      all.push(memory);
      return "added";
    },
    async forget(userId, conversationId) {
      const kept = all.filter((each) => each.user_id !== userId || each.conversation_id !== conversationId);
      all.splice(0, all.length, ...kept);
    },
  };
}
