import pMap from "p-map";
import type { RedriveItem, RedriveQueue } from "../deployment/redrive-queue.ts";
import { withStop } from "../with-stop.ts";

const SENDS_AT_ONCE = 10;

/** Items, by whether they are sent back. */
export interface SortedItems {
  readonly toSend: readonly RedriveItem[];
  /** Nothing is left to do: the object no longer exists, or it was processed meanwhile. */
  readonly settled: readonly RedriveItem[];
  /** This version does not know their types. */
  readonly unknown: readonly RedriveItem[];
  /** Quarantined objects, which are left out unless they are named or wanted. */
  readonly held: readonly RedriveItem[];
}

/** Sorts `items` by whether they are sent back. Quarantined ones are sent only if `includesQuarantined`. */
export function sortedItems(items: readonly RedriveItem[], includesQuarantined: boolean): SortedItems {
  const failed = items.filter(({ state }) => state === "failed");
  const held = includesQuarantined ? [] : failed.filter(({ kind }) => kind === "quarantined");
  return {
    toSend: failed.filter((each) => !held.includes(each)),
    settled: items.filter(({ state }) => state === "gone" || state === "processed"),
    unknown: items.filter(({ state }) => state === "unknown"),
    held,
  };
}

/** The result of sending items back. */
export interface SentItems {
  /** The keys under which they are processed. */
  readonly keys: readonly string[];
  readonly refused: readonly { readonly key: string; readonly reason: string }[];
  /** `here`, or the name of the process that does the work. */
  readonly by: string;
  /** The items that were processed here and failed again. */
  readonly again: readonly RedriveItem[];
}

/**
 * Sends `items` back, and waits until this process has processed them, unless another process does that. `onSent` is
 * called for each. After a `stop`, no other is sent.
 */
export async function sendItems(
  items: readonly RedriveItem[],
  queue: RedriveQueue,
  { stop, onSent = () => {} }: { readonly stop: AbortSignal; readonly onSent?: (item: RedriveItem) => void },
): Promise<SentItems> {
  const keys: string[] = [];
  const refused: { key: string; reason: string }[] = [];
  const sendOne = async (item: RedriveItem) => {
    if (stop.aborted) return;
    const sent = await queue.send(item);
    if ("as" in sent) keys.push(sent.as);
    else refused.push({ key: item.key, reason: sent.refused });
    onSent(item);
  };
  await pMap(items, sendOne, { concurrency: SENDS_AT_ONCE });
  const processed = await withStop(queue.waitUntilSent(), stop);
  if (!processed) return { keys, refused, by: "here", again: [] };
  const { by } = processed;
  const again = by === "here" && keys.length > 0 ? await queue.list() : [];
  return { keys, refused, by, again: again.filter(({ key }) => keys.includes(key)) };
}
