import { pMapIterable } from "p-map";
import { REQUESTS_AT_ONCE } from "../../../handlers/clients/archive/archive.ts";
import { type Clock, systemClock } from "../../../handlers/clients/clock.ts";
import { isProcessed } from "../../../handlers/process/is-processed.ts";
import type { Selected } from "../../../handlers/reprocess/selected-objects.ts";
import type { Bookmark, Place } from "./bookmark.client.ts";
import { waitForSpace } from "./deployment/backpressure.ts";
import type { OpenDeployment } from "./deployment/deployment.ts";
import { pace } from "./pace.ts";

/** The bookmark is saved after this many objects. After a kill, at most these and those in progress are repeated. */
const SAVE_EVERY = 100;

/** What re-putting needs, and its rate. */
export interface RePutOptions {
  readonly openDeployment: Pick<OpenDeployment, "archive" | "process" | "pending">;
  readonly bookmark: Pick<Bookmark, "save">;
  /** The `redo` value of each `rePut`: `undefined` for all steps. */
  readonly redo: string | undefined;
  /** Objects per second; `undefined` for no limit. */
  readonly rate: number | undefined;
  readonly stop: AbortSignal;
  readonly onRePut: () => void;
  /** Moves an object to another key where it belongs, and returns that key; `undefined` if it stays. */
  readonly route?: (key: string) => Promise<string | undefined>;
  readonly clock?: Clock;
}

/**
 * Re-puts `objects` in their order, queues each of them for processing, and returns the progress.
 *
 * Saves the progress on the way and at the end, also after a stop. The progress includes that of an earlier run
 * (`from`).
 */
export async function rePutObjects(
  objects: AsyncIterable<Selected>,
  from: Place | undefined,
  { openDeployment, bookmark, redo, rate, stop, onRePut, route, clock = systemClock }: RePutOptions,
): Promise<Place | undefined> {
  const turn = rate === undefined ? async () => {} : pace(rate, clock);
  async function rePutOne({ key }: Selected) {
    await turn();
    if (stop.aborted) return { key, written: undefined };
    const routed = await route?.(key);
    if (routed !== undefined) return { key, written: routed };
    return { key, written: (await openDeployment.archive.rePut(key, redo)) ? key : undefined };
  }

  let place = from;
  for await (const { key, written } of pMapIterable(objects, rePutOne, { concurrency: REQUESTS_AT_ONCE })) {
    if (stop.aborted) break;
    if (written !== undefined) openDeployment.process(written);
    onRePut();
    place = { after: key, done: (place?.done ?? 0) + 1 };
    if (place.done % SAVE_EVERY === 0) await bookmark.save(place);
    await waitForSpace(openDeployment, clock, stop);
  }
  if (place) await bookmark.save(place);
  return place;
}

/**
 * Processes those of `objects` up to `place` that an earlier run re-put but did not process. They are recognised by
 * their index: what it records as done belongs to an older upload.
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
