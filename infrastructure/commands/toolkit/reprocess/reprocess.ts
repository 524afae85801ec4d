import { OTHER } from "../../../../handlers/call/kinds/unrouted.ts";
import { type Selection, selectedObjects } from "../../../../handlers/reprocess/selected-objects.ts";
import type { Bookmark, Place } from "../bookmark.client.ts";
import type { OpenDeployment, ProcessingResult } from "../deployment/deployment.ts";
import { releaseObject } from "../deployment/release-object.ts";
import { processLeftovers, rePutObjects } from "../re-put-objects.ts";
import { withStop } from "../with-stop.ts";

/** What to process again, and where. */
export interface ReprocessOptions {
  readonly openDeployment: OpenDeployment;
  readonly selection: Selection;
  /** The `redo` value of each `rePut`: `undefined` for all steps. */
  readonly redo: string | undefined;
  readonly rate: number | undefined;
  readonly bookmark: Bookmark;
  /** Where an earlier run stopped. */
  readonly place: Place | undefined;
  readonly stop: AbortSignal;
  /** Called for each object that another process processes. The open deployment logs those of this process. */
  readonly onRePut: () => void;
}

/** The result. */
export interface Reprocessed {
  /** How many objects were re-put, by this run and the earlier runs that it continues. */
  readonly done: number;
  /** The result of processing them; `undefined` if the run was stopped. */
  readonly processed: ProcessingResult | undefined;
}

/** Processes what an earlier run re-put but did not process, unless another process does that. */
export async function finishLeftovers({ openDeployment, selection, place, stop }: ReprocessOptions): Promise<void> {
  if (!place || !(await processesHere(openDeployment))) return;
  await processLeftovers(selectedObjects(openDeployment.archive, selection), place, { openDeployment, stop });
  await withStop(openDeployment.waitUntilProcessed(), stop);
}

/**
 * Re-puts the objects after `place`, moves those that this version can route to their calls, and waits until this process has processed its objects. The bookmark is kept until
 * all are done. After a kill, the next run continues there, and repeats at most some objects.
 */
export async function reprocess(options: ReprocessOptions): Promise<Reprocessed> {
  const { openDeployment, selection, bookmark, place, stop } = options;
  const onRePut = (await processesHere(openDeployment)) ? () => {} : options.onRePut;
  const rest = selectedObjects(openDeployment.archive, selection, { after: place?.after });
  const route = (key: string) => routed(key, openDeployment);
  const reached = await rePutObjects(rest, place, { ...options, onRePut, route });
  const processed = await withStop(openDeployment.waitUntilProcessed(), stop);
  if (processed) await bookmark.remove();
  return { done: reached?.done ?? 0, processed };
}

/** Moves an unrouted object to its call, if this version can. */
async function routed(key: string, openDeployment: OpenDeployment): Promise<string | undefined> {
  if (!key.startsWith(OTHER)) return undefined;
  const sent = await releaseObject(key, openDeployment);
  return "as" in sent ? sent.as : undefined;
}

async function processesHere(openDeployment: OpenDeployment): Promise<boolean> {
  return (await openDeployment.waitUntilProcessed()).by === "here";
}
