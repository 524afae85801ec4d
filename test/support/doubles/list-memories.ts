import type { Memories, Memory } from "../../../handlers/clients/memory/memories.ts";

/** Creates a memory store in a list, which tests can read. */
export function listMemories(): Memories & { readonly all: readonly Memory[] } {
  const all: Memory[] = [];
  return {
    all,
    async add(memory) {
      all.push(memory);
      return "added";
    },
    async forget(userId, conversationId) {
      const others = all.filter((each) => each.user_id !== userId || each.conversation_id !== conversationId);
      all.splice(0, all.length, ...others);
    },
  };
}
