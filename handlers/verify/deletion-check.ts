import type { ObjectHead } from "../clients/archive.ts";
import type { Deletion, ObjectRecord } from "../process/conversation-index.ts";
import { isSameUpload } from "../process/object-record.ts";
import { isUndeletion } from "../process/undeletion.ts";
import { byHand, type Problem } from "./finding.ts";

/** What is wrong if an object of a deleted conversation is there. What a person uploads brings the conversation back. */
export function checkedDeletion(
  object: Pick<ObjectHead, "key" | "version" | "metadata">,
  record: ObjectRecord | undefined,
  { at, reason }: Deletion,
): Problem | undefined {
  const isLeft = record !== undefined && isSameUpload(record, object.version);
  if (!isLeft && isUndeletion(object)) return undefined;
  const what = isLeft
    ? `is still there, though it was deleted on ${at} because: ${reason}`
    : `was delivered again after it was deleted on ${at} because: ${reason}; it is not processed`;
  const remedy = "erase it again (npm run erase), or bring it back: upload it by hand (npm run reprocess does that)";
  return byHand("not deleted", what, remedy);
}
