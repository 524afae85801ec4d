import type { ObjectHead } from "../clients/archive/archive.ts";
import type { ConversationIndex } from "./conversation-index.ts";
import { isSameUpload } from "./object-record.ts";

/**
 * Whether an object is not processed because its conversation was deleted on purpose: it was delivered or fetched (it
 * has a `source`), or it is an upload from before the deletion. A later upload by a person restores the conversation.
 */
export function isLeftDeleted(
  { key, version, metadata }: Pick<ObjectHead, "key" | "version" | "metadata">,
  { deleted, objects }: ConversationIndex,
): boolean {
  if (!deleted) return false;
  const record = objects[key];
  return metadata["source"] !== undefined || (record !== undefined && isSameUpload(record, version));
}
