import { randomUUID } from "node:crypto";
import pMap from "p-map";
import { DIRTY_FOLDER } from "../../queries/tables/closed-days.ts";
import { type Archive, REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { endOf } from "./days.ts";

/** Says that rows of a day changed after it was over. */
export interface DirtyMarker {
  readonly key: string;
  /** Whose rows; `undefined` if those of the whole day are to be made anew. */
  readonly conversation: string | undefined;
}

/** What no conversation's name begins with. */
const WHOLE_DAY = "~day";

/**
 * Marks that live rows of a conversation changed on these days. Call it when they are written, and before that is
 * put on record: what fails in between is done again as a whole.
 *
 * A day that is not over cannot be closed, so whoever closes it later reads the change anyway. Each mark is an object
 * of its own, so that removing one that was seen to never removes one that was not.
 */
export async function markDirty(
  analytics: Pick<Archive, "put">,
  days: Iterable<string>,
  conversation: string,
  now: Date,
): Promise<void> {
  for (const day of days) {
    if (now >= endOf(day)) await putMarker(analytics, day, conversation);
  }
}

/** Marks that everything of a day is to be made anew. */
export function markWholeDayDirty(analytics: Pick<Archive, "put">, day: string): Promise<void> {
  return putMarker(analytics, day, WHOLE_DAY);
}

/**
 * Puts a marker. Its name is its own, so the put needs no condition, and must not have one: a put whose answer was lost
 * is repeated, and its condition would then fail on the marker itself, which the processor may not read.
 */
async function putMarker(analytics: Pick<Archive, "put">, day: string, what: string): Promise<void> {
  await analytics.put(`${DIRTY_FOLDER}${day}/${what}.${randomUUID()}`, Buffer.alloc(0));
}

/** The days that have marks, in order. */
export async function* dirtyDays(analytics: Pick<Archive, "folders">): AsyncGenerator<string> {
  for await (const folder of analytics.folders(DIRTY_FOLDER)) yield folder.slice(DIRTY_FOLDER.length, -1);
}

/** The marks of a day. */
export async function dirtyMarkersOf(analytics: Pick<Archive, "list">, day: string): Promise<DirtyMarker[]> {
  const folder = `${DIRTY_FOLDER}${day}/`;
  const listed = await Array.fromAsync(analytics.list(folder));
  return listed.map(({ key }) => {
    const [, conversation] = /^([A-Za-z0-9_-]+)\.[^.]+$/.exec(key.slice(folder.length)) ?? [];
    return { key, conversation };
  });
}

/** Removes marks whose changes have been seen to. */
export async function removeDirtyMarkers(
  markers: readonly DirtyMarker[],
  analytics: Pick<Archive, "delete">,
): Promise<void> {
  await pMap(markers, ({ key }) => analytics.delete(key), { concurrency: REQUESTS_AT_ONCE });
}
