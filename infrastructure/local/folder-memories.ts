import type { Memories, StoredMemories } from "../../handlers/clients/memory/memories.ts";
import { folderMemories } from "../../handlers/clients/memory/memory-folder.client.ts";
import { memoryService } from "../../handlers/clients/memory/memory-service.client.ts";
import type { Settings } from "./settings.ts";

/** The settings that decide where memories are stored. */
export type MemorySettings = Pick<Settings, "folder" | "memoryService">;

/** The memory store of a local archive: the memory service if its key is set, otherwise the folder. */
export async function memoriesOf(settings: MemorySettings): Promise<Memories> {
  return settings.memoryService ? memoryService(settings.memoryService) : folderMemories(settings.folder);
}

/** The memories in the folder. `undefined` if the memory service stores them, because reading there costs money. */
export function storedMemoriesOf(
  { folder, memoryService }: MemorySettings,
  options?: { readonly readsBlock: boolean },
): StoredMemories | undefined {
  return memoryService ? undefined : folderMemories(folder, options);
}
