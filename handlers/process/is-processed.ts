import { parsedKey } from "../call/keys.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { readIndex } from "./conversation-index.ts";
import { isDone, remainingSteps, waitsUntil } from "./object-record.ts";
import { isLeftDeleted } from "./undeletion.ts";

/** The state of an object. `open`: steps remain. `waiting`: only its recording is absent, and requested at `retryAt`. */
export type ProcessingState =
  | { readonly state: "processed" | "open" }
  | { readonly state: "waiting"; readonly retryAt: Date };

/**
 * The state of the object at `key`. It is `processed` if all steps of this upload are on record as done, if the key is
 * not one to process, if the object is gone, or if its conversation was deleted on purpose. Reads the index and the
 * object's metadata, not its bytes.
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

/** Whether nothing remains to do now with the object at `key`. One that waits only for its recording is processed. */
export async function isProcessed(key: string, archive: Pick<Archive, "get" | "head">): Promise<boolean> {
  return (await processingState(key, archive)).state !== "open";
}
