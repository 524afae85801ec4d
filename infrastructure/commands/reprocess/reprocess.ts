import { type Selection, selectedObjects } from "../../../handlers/reprocess/selected-objects.ts";
import type { Bookmark, Place } from "../toolkit/bookmark.client.ts";
import type { OpenDeployment, ProcessingResult } from "../toolkit/deployment/deployment.ts";
import { processLeftovers, rePutObjects } from "../toolkit/re-put-objects.ts";

/** What is to be done again, and where. */
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
  /** Called with each object that another process takes over. Of those processed in this process the open deployment logs. */
  readonly onRePut: () => void;
}

/** How it ended. */
export interface Reprocessed {
  /** How many were uploaded again, by this run and the earlier ones that it goes on with. */
  readonly done: number;
  /** What came of them; `undefined` if it was stopped. */
  readonly processed: ProcessingResult | undefined;
}

/** Has what an earlier run uploaded again and did not come to process processed in this process, if it is its work. */
export async function finishLeftovers({ openDeployment, selection, place, stop }: ReprocessOptions): Promise<void> {
  if (!place || !(await processesHere(openDeployment))) return;
  await processLeftovers(selectedObjects(openDeployment.archive, selection), place, { openDeployment, stop });
  await withStop(openDeployment.waitUntilProcessed(), stop);
}

/**
 * Uploads again what comes after the place, and waits for what of it is processed in this process. The place is noted
 * until all is done: whoever is killed goes on from there, and does some of it twice at most.
 */
export async function reprocess(options: ReprocessOptions): Promise<Reprocessed> {
  const { openDeployment, selection, bookmark, place, stop } = options;
  const onRePut = (await processesHere(openDeployment)) ? () => {} : options.onRePut;
  const rest = selectedObjects(openDeployment.archive, selection, { after: place?.after });
  const reached = await rePutObjects(rest, place, { ...options, onRePut });
  const processed = await withStop(openDeployment.waitUntilProcessed(), stop);
  if (processed) await bookmark.remove();
  return { done: reached?.done ?? 0, processed };
}

async function processesHere(openDeployment: OpenDeployment): Promise<boolean> {
  return (await openDeployment.waitUntilProcessed()).by === "here";
}

/** What `work` answers, or `undefined` once it is to stop. */
function withStop<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result | undefined> {
  if (stop.aborted) return Promise.resolve(undefined);
  const stopped = new Promise<undefined>((resolve) => {
    stop.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  return Promise.race([work, stopped]);
}
