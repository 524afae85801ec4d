import type { ObjectHead } from "../clients/archive/archive.ts";
import type { ConversationIndex } from "./conversation-index.ts";
import { isSameUpload } from "./object-record.ts";

/**
 * Whether an object is to be left alone, since its conversation was deleted on purpose: one that came by webhook or was
 * fetched (it has a `source`), and one that was there at the deletion. What a person uploads brings the conversation back.
 */
export function isLeftDeleted(
  { key, version, metadata }: Pick<ObjectHead, "key" | "version" | "metadata">,
  { deleted, objects }: ConversationIndex,
): boolean {
  if (!deleted) return false;
  const record = objects[key];
  return metadata["source"] !== undefined || (record !== undefined && isSameUpload(record, version));
}
