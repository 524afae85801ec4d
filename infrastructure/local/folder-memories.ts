import type { Memories, StoredMemories } from "../../handlers/clients/memory/memories.ts";
import { folderMemories } from "../../handlers/clients/memory/memory-folder.client.ts";
import { memoryService } from "../../handlers/clients/memory/memory-service.client.ts";
import type { Settings } from "./settings.ts";

/** The settings that say where callers are remembered. */
export type MemorySettings = Pick<Settings, "folder" | "memoryService">;

/** Where callers of an archive in a folder are remembered: in the memory service if there is a key for it, else in the folder. */
export async function memoriesOf(settings: MemorySettings): Promise<Memories> {
  return settings.memoryService ? memoryService(settings.memoryService) : folderMemories(settings.folder);
}

/** The memories in the folder; `undefined` if the memory service has them, where reading costs. */
export function storedMemoriesOf({ folder, memoryService }: MemorySettings): StoredMemories | undefined {
  return memoryService ? undefined : folderMemories(folder);
}
