import type { Memories } from "./memories.ts";

/** How the memory service is reached: its API key, and its address if it is not the provider's own. */
export interface MemoryServiceOptions {
  readonly apiKey: string;
  readonly host?: string;
}

/**
 * Memories in the memory service, which is Mem0. Loaded only where it is used: Mem0's library takes a noticeable part of a
 * command's start.
 *
 * @throws Error if the key cannot be one.
 */
export async function memoryService(options: MemoryServiceOptions): Promise<Memories> {
  const { mem0Memories } = await import("./mem0.client.ts");
  return mem0Memories(options);
}
