import type { ActionRequests } from "../../../../handlers/read/action-requests.ts";
import type { ActionEnd, ActionProgress } from "../../../../handlers/read/action-runs.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { RedriveItem } from "../deployment/redrive-queue.ts";
import { chosenItems } from "../redrive/chosen-items.ts";
import { type SortedItems, sendItems, sortedItems } from "../redrive/send-items.ts";
import { firstOf, objectText } from "./action-result.ts";

/** Sends dead letters, unrouted and quarantined objects back to be processed, as `npm run redrive -- --send` does. */
export async function redriveAction(
  { keys, quarantined, dry_run }: ActionRequests["redrive"],
  progress: ActionProgress,
  deployment: Pick<Deployment, "redriveQueue">,
): Promise<ActionEnd> {
  progress.begin("Reading the dead letters, unrouted and quarantined objects");
  const queue = await deployment.redriveQueue(() => {});
  try {
    const items = sortedItems(chosenItems(await queue.list(), keys ?? []), keys !== undefined || quarantined);
    const { toSend } = items;
    if (dry_run) return { message: `${objectText(toSend.length)} would be sent back`, result: planOf(items) };
    progress.begin("Sending objects back", toSend.length);
    const { stop, advance } = progress;
    const { keys: sent, refused, by, again } = await sendItems(toSend, queue, { stop, onSent: advance });
    stop.throwIfAborted();
    const result = { ...planOf(items), sent: sent.length, refused: firstOf(refused), failed_again: again.map(shown) };
    const message =
      by === "here"
        ? `${sent.length - again.length} of ${objectText(toSend.length)} processed`
        : `${objectText(sent.length)} sent back: ${by} processes them`;
    return { message, result };
  } finally {
    await queue.close();
  }
}

/** The objects to send, and how many are left out, by the reason. */
function planOf({ toSend, settled, unknown, held }: SortedItems) {
  return {
    objects: toSend.length,
    items: firstOf(toSend).map(shown),
    left_out: { settled: settled.length, unknown_type: unknown.length, quarantined: held.length },
  };
}

function shown({ key, kind, reason }: RedriveItem) {
  return { key, kind, reason };
}
