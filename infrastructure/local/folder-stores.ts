import { type FolderOptions, folderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";

/**
 * What an archive in `folder` keeps: the calls, and the tables made from them. This is the one place that chooses how a
 * local archive is stored.
 */
export function folderStores(folder: string, options?: FolderOptions) {
  return { archive: folderArchive(folder, "archive", options), analytics: folderArchive(folder, "analytics") };
}
