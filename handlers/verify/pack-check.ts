import { HOUR, PARTITION, packKey } from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { dirtyMarkersOf, isMarkerOf } from "../compact/dirty-markers.ts";
import { liveObjectsOf } from "../compact/live-objects.ts";
import { type PackRecord, readState } from "../compact/state.ts";
import { type ArchiveFinding, findingsAt, repairableBy } from "./archive-finding.ts";
import { differenceOfBytes, liveDifferences, unreadable } from "./closed-day-check.ts";

/**
 * Returns what is wrong with the pack of an hour, `YYYY-MM-DD/HH`: it was made from other live objects than the stored
 * ones, or from some that could not be read, or its parts are not those that were written. `stored` are the keys in its
 * folders. Reads each part as a stream. An hour without a pack, or with a dirty marker, has no findings.
 */
export async function checkPack(
  hour: string,
  stored: readonly string[],
  analytics: Pick<Archive, "get" | "list" | "stream">,
): Promise<ArchiveFinding[]> {
  const [day = "", ofDay = ""] = hour.split("/");
  const { state, etag } = await readState(analytics);
  const pack = state.hours[day]?.[ofDay];
  if (!pack) return [];
  const found = [
    ...liveDifferences([pack], await liveObjectsOf(analytics, hour)),
    ...(await partDifferences(day, pack, stored, analytics)),
  ];
  const what = `is a packed hour whose record differs from what is stored: ${found.join(", ")}`;
  const problem = repairableBy("hour", "packed hour", what, "pack it again (--fix)");
  const findings = [
    ...(found.length === 0 ? [] : findingsAt(hourName(hour), [problem])),
    ...unreadable([pack], "hour was packed"),
  ];
  if (findings.length === 0) return [];
  // If the hour was packed meanwhile, the next verification checks it.
  const isSettled = (await readState(analytics)).etag === etag;
  const hasMarker = (await dirtyMarkersOf(analytics, day)).some((marker) => isMarkerOf(ofDay, marker));
  return isSettled && !hasMarker ? findings : [];
}

/** `dt=YYYY-MM-DD/hr=HH`: an hour in findings. */
export function hourName(hour: string): string {
  const [day, ofDay] = hour.split("/");
  return `${PARTITION.name}=${day}/${HOUR.name}=${ofDay}`;
}

/** The metadata of a part of a pack are not compared: they are never used. */
async function partDifferences(
  day: string,
  { pack, sha256 = {} }: PackRecord,
  stored: readonly string[],
  analytics: Pick<Archive, "stream">,
): Promise<string[]> {
  const onRecord = new Map(Object.entries(sha256).map(([table, hash]) => [packKey(table, day, pack), hash]));
  const found = stored.filter((key) => !onRecord.has(key)).map((key) => `${key} is not on record`);
  for (const [key, hash] of onRecord) {
    const difference = await differenceOfBytes(key, hash, analytics);
    if (difference !== undefined) found.push(`${key} ${difference}`);
  }
  return found;
}
