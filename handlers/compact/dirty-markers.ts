import { randomUUID } from "node:crypto";
import pMap from "p-map";
import { DIRTY_FOLDER } from "../../queries/tables/closed-days.ts";
import { type Archive, REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { endOf } from "./days.ts";

/** An object that records that rows of a day changed after the day was over. */
export interface DirtyMarker {
  readonly key: string;
  /** The conversation whose rows changed; `undefined` if the whole day must be rebuilt. */
  readonly conversation: string | undefined;
}

/** The name in markers of a whole day. No conversation's name begins like this. */
const WHOLE_DAY = "~day";

/**
 * Records that live rows of a conversation changed on these days. Call it after the rows are written and before the
 * step is recorded: a failure in between repeats the whole step.
 *
 * A day that is not over gets no marker, because its rows are read when it is closed. Each marker is a separate object,
 * so removing one that was processed never removes a later one.
 */
export async function putDirtyMarkers(
  analytics: Pick<Archive, "put">,
  days: Iterable<string>,
  conversation: string,
  now: Date,
): Promise<void> {
  for (const day of days) {
    if (now >= endOf(day)) await putMarker(analytics, day, conversation);
  }
}

/** Records that a whole day must be rebuilt. */
export function putWholeDayMarker(analytics: Pick<Archive, "put">, day: string): Promise<void> {
  return putMarker(analytics, day, WHOLE_DAY);
}

/**
 * Puts a marker. Its key is unique, so the put needs no condition, and must not have one. If the answer to a put is
 * lost, the put is repeated, and its condition would fail on the marker itself, which the processor may not read.
 */
async function putMarker(analytics: Pick<Archive, "put">, day: string, what: string): Promise<void> {
  await analytics.put(`${DIRTY_FOLDER}${day}/${what}.${randomUUID()}`, Buffer.alloc(0));
}

/** The days with dirty markers, in order. */
export async function* dirtyDays(analytics: Pick<Archive, "folders">): AsyncGenerator<string> {
  for await (const folder of analytics.folders(DIRTY_FOLDER)) yield folder.slice(DIRTY_FOLDER.length, -1);
}

/** The dirty markers of a day. */
export async function dirtyMarkersOf(analytics: Pick<Archive, "list">, day: string): Promise<DirtyMarker[]> {
  const folder = `${DIRTY_FOLDER}${day}/`;
  const listed = await Array.fromAsync(analytics.list(folder));
  return listed.map(({ key }) => {
    const [, conversation] = /^([A-Za-z0-9_-]+)\.[^.]+$/.exec(key.slice(folder.length)) ?? [];
    return { key, conversation };
  });
}

/** Removes markers whose changes were processed. */
export async function removeDirtyMarkers(
  markers: readonly DirtyMarker[],
  analytics: Pick<Archive, "delete">,
): Promise<void> {
  await pMap(markers, ({ key }) => analytics.delete(key), { concurrency: REQUESTS_AT_ONCE });
}
