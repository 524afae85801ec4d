import { parsedKey } from "../../handlers/call/keys.ts";
import { ifUnchanged } from "../../handlers/clients/archive/archive.ts";
import type { FolderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";
import { readIndex, writeIndex } from "../../handlers/process/conversation-index.ts";
import { isSameUpload } from "../../handlers/process/object-record.ts";

/**
 * Takes the object at `key` of a copied folder for the upload that is on record, if it has the bytes on record: nothing of
 * it is done again. An object with other bytes stays what it is, a new upload. May run any number of times.
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
  // If the conversation is processed at this moment, what is written then is of the file as it is now.
  await ifUnchanged(() => writeIndex(archive, { ...index, objects }, etag));
}
