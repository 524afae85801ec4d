import type { ObjectHead } from "../clients/archive/archive.ts";
import type { ConversationIndex, Deletion } from "../process/conversation-index.ts";
import { isLeftDeleted } from "../process/undeletion.ts";
import { type ArchiveProblem, byHand } from "./archive-finding.ts";

/**
 * Returns a problem if an object of a deleted conversation is still there. An upload by a person brings the
 * conversation back.
 */
export function checkDeletion(object: ObjectHead, index: ConversationIndex): ArchiveProblem | undefined {
  const { deleted } = index;
  if (!deleted || !isLeftDeleted(object, index)) return undefined;
  const receivedAt = Date.parse(object.metadata["received-at"] ?? "");
  if (!(receivedAt > Date.parse(deleted.at))) return leftOfDeletion(deleted);
  const what = `was delivered again after it was deleted on ${deleted.at} because: ${deleted.reason}; it is not processed`;
  const restore = "or bring it back by uploading it by hand (npm run reprocess -- --conversation ID does that)";
  return byHand("not deleted", what, `${ERASE_AGAIN}, ${restore}`);
}

/** The remedy for anything that is left of a deleted conversation. */
export const ERASE_AGAIN = "erase it again (npm run erase -- --conversation ID)";

/** The problem of an object that an erasure should have deleted. */
export function leftOfDeletion({ at, reason }: Deletion): ArchiveProblem {
  return byHand("not deleted", `is still there, though it was deleted on ${at} because: ${reason}`, ERASE_AGAIN);
}
