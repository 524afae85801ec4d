import type { Memories } from "./memories.ts";

/** The API key of the memory service, and its address if it is not the provider's own. */
export interface MemoryServiceOptions {
  readonly apiKey: string;
  readonly host?: string;
}

/**
 * The memory service, which is Mem0. Imports Mem0's library only when it is called: loading it takes a noticeable part
 * of a command's start.
 *
 * @throws Error if the key is malformed.
 */
export async function memoryService(options: MemoryServiceOptions): Promise<Memories> {
  const { mem0Memories } = await import("./mem0.client.ts");
  return mem0Memories(options);
}
