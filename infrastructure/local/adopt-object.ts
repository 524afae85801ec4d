import { parsedKey } from "../../handlers/call/keys.ts";
import { ifUnchanged } from "../../handlers/clients/archive/archive.ts";
import type { FolderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";
import { readIndex, writeIndex } from "../../handlers/process/conversation-index.ts";
import { isSameUpload } from "../../handlers/process/object-record.ts";

/**
 * Records the object at `key` of a copied folder as already processed, if its bytes are those that its index records.
 * An object with other bytes remains a new upload. Idempotent.
 */
export async function adoptObject(key: string, archive: FolderArchive): Promise<void> {
  await archive.adopt(key);
  const name = parsedKey(key);
  // In a folder the ETag is the SHA-256.
  const head = name && (await archive.head(key));
  if (!head) return;
  const { index, etag } = await readIndex(archive, name.conversation);
  const record = index.objects[key];
  if (!record || isSameUpload(record, head.version) || record.sha256 !== head.etag) return;
  const objects = { ...index.objects, [key]: { ...record, version: head.version } };
  // If the index changed meanwhile, the conversation is being processed, and its new record is of the current file.
  await ifUnchanged(() => writeIndex(archive, { ...index, objects }, etag));
}
