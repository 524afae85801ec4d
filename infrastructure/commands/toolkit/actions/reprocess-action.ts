import { statedFolder } from "../../../../handlers/call/caller.ts";
import type { ActionRequests } from "../../../../handlers/read/action-requests.ts";
import type { ActionEnd, ActionProgress } from "../../../../handlers/read/action-runs.ts";
import { type Selection, selectedObjects } from "../../../../handlers/reprocess/selected-objects.ts";
import { folderBookmark } from "../bookmark.client.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { extentOf } from "../reprocess/extent.ts";
import { finishLeftovers, reprocess } from "../reprocess/reprocess.ts";
import { firstOf, MOST_ITEMS, objectText } from "./action-result.ts";

/**
 * Processes the selected calls again, as `npm run reprocess` does. If an earlier run of the same request was stopped,
 * it continues there.
 */
export async function reprocessAction(
  { dry_run, conversation_ids: ids, only, caller, ...rest }: ActionRequests["reprocess"],
  progress: ActionProgress,
  deployment: Deployment,
  folder: string,
): Promise<ActionEnd> {
  const { stop, advance } = progress;
  const selection: Selection = { ...rest, only, ids, caller: caller === undefined ? undefined : statedFolder(caller) };
  const redo = only?.join(",");
  const bookmark = folderBookmark(folder, [deployment.name, selection, redo]);
  const place = await bookmark.place();

  progress.begin("Counting objects");
  const [keys, unknown]: [string[], string[]] = [[], []];
  const onUnknown = (id: string) => void unknown.push(id);
  const objects = selectedObjects(deployment.archive, selection, { after: place?.after, onUnknown });
  const extent = await extentOf(objects, ({ key }) => {
    stop.throwIfAborted();
    if (keys.length < MOST_ITEMS) keys.push(key);
    advance();
  });
  const plan = {
    objects: extent.objects,
    bytes: extent.bytes,
    keys,
    unknown_ids: firstOf(unknown),
    done_before: place?.done ?? 0,
  };
  if (dry_run) return { message: `${objectText(extent.objects)} would be processed again`, result: plan };

  const openDeployment = await deployment.open("npm run reprocess", ({ event }) => {
    if (event !== "failed") advance();
  });
  try {
    const what = { openDeployment, selection, redo, rate: undefined, bookmark, place, stop, onRePut: advance };
    await finishLeftovers(what);
    progress.begin("Processing objects again", extent.objects);
    const { done, processed } = await reprocess(what);
    if (!processed) throw stop.reason;
    const { by, deadLettered } = processed;
    const message =
      by === "here" ? `${objectText(done)} processed again` : `${objectText(done)} re-put: ${by} processes them`;
    return {
      message: deadLettered === 0 ? message : `${message}; ${deadLettered} dead-lettered`,
      result: { ...plan, processed: done, dead_lettered: deadLettered },
    };
  } finally {
    await openDeployment.close();
  }
}
