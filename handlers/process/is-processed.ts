import { parsedKey } from "../call/keys.ts";
import type { Archive } from "../clients/archive.ts";
import { readIndex } from "./conversation-index.ts";
import { remainingSteps } from "./object-record.ts";
import { isLeftDeleted } from "./undeletion.ts";

/**
 * Whether there is nothing left to do for the object at `key`: everything is on record as done for this upload,
 * or it is not one to process, or it is gone, or its conversation
 * was deleted on purpose. Does not read the object itself.
 */
export async function isProcessed(key: string, archive: Pick<Archive, "get" | "head">): Promise<boolean> {
  const name = parsedKey(key);
  const head = name && (await archive.head(key));
  if (!name || !head) return true;
  const { index } = await readIndex(archive, name.conversation);
  if (isLeftDeleted(head, index)) return true;
  return remainingSteps(name.kind, head, undefined, index.objects[key]).length === 0;
}
