import { type FolderOptions, folderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";

/**
 * The stores of an archive in `folder`: the calls, and the tables made from them. Only this function chooses how a
 * local archive is stored.
 */
export function folderStores(folder: string, { isCopy, ...options }: FolderOptions = {}) {
  return {
    archive: folderArchive(folder, "archive", { isCopy, ...options }),
    analytics: folderArchive(folder, "analytics", options),
  };
}
