import { parsedKey } from "../call/keys.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { readIndex } from "./conversation-index.ts";
import { isDone, remainingSteps, waitsUntil } from "./object-record.ts";
import { isLeftDeleted } from "./undeletion.ts";

/** Whether something is left to do with an object, or it only waits for its recording until `retryAt`. */
export type ProcessingState =
  | { readonly state: "processed" | "open" }
  | { readonly state: "waiting"; readonly retryAt: Date };

/**
 * How far the object at `key` is. It is processed if everything is on record as done for this upload, or it is not one
 * to process, or it is gone, or its conversation was deleted on purpose. Does not read the object itself.
 */
export async function processingState(key: string, archive: Pick<Archive, "get" | "head">): Promise<ProcessingState> {
  const name = parsedKey(key);
  const head = name && (await archive.head(key));
  if (!name || !head) return { state: "processed" };
  const { index } = await readIndex(archive, name.conversation);
  if (isLeftDeleted(head, index)) return { state: "processed" };
  const record = index.objects[key];
  const remaining = remainingSteps(name.kind, head, undefined, record);
  if (isDone(head, undefined, remaining, record)) return { state: "processed" };
  const retryAt = waitsUntil(head, remaining, index);
  return retryAt ? { state: "waiting", retryAt } : { state: "open" };
}

/** Whether there is nothing to do now for the object at `key`. One that only waits for its recording counts as processed. */
export async function isProcessed(key: string, archive: Pick<Archive, "get" | "head">): Promise<boolean> {
  return (await processingState(key, archive)).state !== "open";
}
