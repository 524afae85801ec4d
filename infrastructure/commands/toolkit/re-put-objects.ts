import { pMapIterable } from "p-map";
import { REQUESTS_AT_ONCE } from "../../../handlers/clients/archive/archive.ts";
import { type Clock, systemClock } from "../../../handlers/clients/clock.ts";
import { isProcessed } from "../../../handlers/process/is-processed.ts";
import type { Selected } from "../../../handlers/reprocess/selected-objects.ts";
import type { Bookmark, Place } from "./bookmark.client.ts";
import { waitForSpace } from "./deployment/backpressure.ts";
import type { OpenDeployment } from "./deployment/deployment.ts";
import { pace } from "./pace.ts";

/** So many objects are done again at most when a run that was killed goes on, and those that were under way. */
const SAVE_EVERY = 100;

/** How to go about it. */
export interface RePutOptions {
  readonly openDeployment: Pick<OpenDeployment, "archive" | "process" | "pending">;
  readonly bookmark: Pick<Bookmark, "save">;
  /** The `redo` value of each `rePut`: `undefined` for all steps. */
  readonly redo: string | undefined;
  /** Objects a second; `undefined` for as many as go. */
  readonly rate: number | undefined;
  readonly stop: AbortSignal;
  readonly onRePut: () => void;
  readonly clock?: Clock;
}

/**
 * Uploads `objects` again over themselves, in their order, has each of them processed, and answers how far it came.
 *
 * The place is noted on the way and at the end, also when it was stopped. It counts `from` where an earlier run stopped.
 */
export async function rePutObjects(
  objects: AsyncIterable<Selected>,
  from: Place | undefined,
  { openDeployment, bookmark, redo, rate, stop, onRePut, clock = systemClock }: RePutOptions,
): Promise<Place | undefined> {
  const turn = rate === undefined ? async () => {} : pace(rate, clock);
  async function rePutOne({ key }: Selected) {
    await turn();
    return { key, isThere: !stop.aborted && (await openDeployment.archive.rePut(key, redo)) };
  }

  let place = from;
  for await (const { key, isThere } of pMapIterable(objects, rePutOne, { concurrency: REQUESTS_AT_ONCE })) {
    if (stop.aborted) break;
    if (isThere) openDeployment.process(key);
    onRePut();
    place = { after: key, done: (place?.done ?? 0) + 1 };
    if (place.done % SAVE_EVERY === 0) await bookmark.save(place);
    await waitForSpace(openDeployment, clock, stop);
  }
  if (place) await bookmark.save(place);
  return place;
}

/**
 * Has those of `objects` processed that an earlier run uploaded again, up to `place`, and did not come to process. The
 * archive shows which: what is on record as done is of an older upload.
 */
export async function processLeftovers(
  objects: AsyncIterable<Selected>,
  { after }: Place,
  { openDeployment, stop, clock = systemClock }: Pick<RePutOptions, "openDeployment" | "stop" | "clock">,
): Promise<void> {
  for await (const { key } of objects) {
    if (stop.aborted) return;
    if (!(await isProcessed(key, openDeployment.archive))) openDeployment.process(key);
    await waitForSpace(openDeployment, clock, stop);
    if (key === after) break;
  }
}
