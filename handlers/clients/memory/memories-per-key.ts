import { perCredential } from "../credentials/per-credential.ts";
import type { Memories } from "./memories.ts";

/** Memories, with the key read at each use. */
export function memoriesPerKey(key: () => Promise<string>, make: (key: string) => Memories): Memories {
  const memories = perCredential(key, make);
  return {
    add: async (memory) => (await memories()).add(memory),
    forget: async (userId, conversationId, options) => (await memories()).forget(userId, conversationId, options),
  };
}
