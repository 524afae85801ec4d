import { randomUUID } from "node:crypto";
import pMap from "p-map";
import { DIRTY_FOLDER } from "../../queries/tables/closed-days.ts";
import { HOUR } from "../../queries/tables/table.ts";
import { type Archive, REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { markedFrom } from "./days.ts";

/** An object that records that rows changed after their hour was over. */
export interface DirtyMarker {
  readonly key: string;
  /** The hour of the rows, `HH`; `undefined` if they are in no hour: see `liveKey`. */
  readonly hour: string | undefined;
  /** The conversation whose rows changed; `undefined` if the whole hour must be packed again, or the day rebuilt. */
  readonly conversation: string | undefined;
}

/** The name in markers of a whole day or hour. No conversation's name begins like this. */
const WHOLE = "~day";

/**
 * Records that live rows of a conversation changed in these hours, `YYYY-MM-DD/HH`, or days. Call it after the rows are
 * written and before the step is recorded: a failure in between repeats the whole step.
 *
 * An hour that is not over for some minutes gets no marker, because its rows are read when it is packed. Each marker is
 * a separate object, so removing one that was processed never removes a later one.
 */
export async function putDirtyMarkers(
  analytics: Pick<Archive, "put">,
  hours: Iterable<string>,
  conversation: string,
  now: Date,
): Promise<void> {
  for (const hour of hours) {
    if (now >= markedFrom(hour)) await putMarker(analytics, hour, conversation);
  }
}

/** Records that a whole hour, `YYYY-MM-DD/HH`, must be packed again, or a whole day rebuilt: from all live objects. */
export function putWholeMarker(analytics: Pick<Archive, "put">, hour: string): Promise<void> {
  return putMarker(analytics, hour, WHOLE);
}

/**
 * Puts a marker. Its key is unique, so the put needs no condition, and must not have one. If the answer to a put is
 * lost, the put is repeated, and its condition would fail on the marker itself, which the processor may not read.
 */
async function putMarker(analytics: Pick<Archive, "put">, hour: string, what: string): Promise<void> {
  const [day = "", ofDay] = hour.split("/");
  const folder = ofDay === undefined ? day : `${day}/${HOUR.name}=${ofDay}`;
  await analytics.put(`${DIRTY_FOLDER}${folder}/${what}.${randomUUID()}`, Buffer.alloc(0));
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
    const [, hour, conversation] =
      /^(?:hr=(\d\d)\/)?(?:([A-Za-z0-9_-]+)|~day)\.[^./]+$/.exec(key.slice(folder.length)) ?? [];
    return { key, hour, conversation };
  });
}

/** Whether a marker is about rows of an hour, `HH`, of its day: one of the whole day is about each hour. */
export function isMarkerOf(hour: string, marker: DirtyMarker): boolean {
  return marker.hour === hour || (marker.hour === undefined && marker.conversation === undefined);
}

/** Removes markers whose changes were processed. */
export async function removeDirtyMarkers(
  markers: readonly DirtyMarker[],
  analytics: Pick<Archive, "delete">,
): Promise<void> {
  await pMap(markers, ({ key }) => analytics.delete(key), { concurrency: REQUESTS_AT_ONCE });
}
