import type { ObjectHead } from "../clients/archive.ts";
import type { ConversationIndex } from "./conversation-index.ts";

/**
 * Whether an object brings a deleted conversation back: one that a person uploaded does. What came by webhook or was
 * fetched has a `source`, and does not.
 */
export function isUndeletion({ metadata }: Pick<ObjectHead, "metadata">): boolean {
  return metadata["source"] === undefined;
}

/** Whether an object is to be left alone, since its conversation was deleted. */
export function isLeftDeleted(object: Pick<ObjectHead, "metadata">, { deleted }: ConversationIndex): boolean {
  return deleted !== undefined && !isUndeletion(object);
}
