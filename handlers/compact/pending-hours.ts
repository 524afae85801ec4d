import { conversations } from "../../queries/tables/conversations.ts";
import { dayFolder, hourFolder, hourInLiveKey, PARTITION } from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { PACKED_FROM_CALLS, packableFrom } from "./days.ts";
import { type DirtyMarker, dirtyDays, dirtyMarkersOf } from "./dirty-markers.ts";
import type { CompactionState } from "./state.ts";

/** An hour to pack now. */
export interface PendingHour {
  readonly day: string;
  /** `HH`. */
  readonly hour: string;
  /** Read before its live objects. */
  readonly markers: readonly DirtyMarker[];
}

/**
 * Returns the hours of open days to pack now, in order: packed ones that changed, and finished ones that are not packed,
 * if they have `packedFrom` calls together.
 */
export async function pendingHours(
  analytics: Pick<Archive, "folders" | "list">,
  { first_live_day: firstLiveDay, hours: packed }: CompactionState,
  now: Date,
  packedFrom = PACKED_FROM_CALLS,
): Promise<PendingHour[]> {
  const dirty = new Set(await Array.fromAsync(dirtyDays(analytics)));
  const pending: PendingHour[] = [];
  for (const day of await openDays(analytics, firstLiveDay, packed)) {
    const markers = dirty.has(day) ? await dirtyMarkersOf(analytics, day) : [];
    const packs = packed[day] ?? {};
    const finished = HOURS.filter((hour) => now >= packableFrom(`${day}/${hour}`));
    const unpacked = finished.filter((hour) => packs[hour] === undefined);
    const isWorth = await hasCalls(analytics, day, unpacked, packedFrom);
    for (const hour of finished) {
      const ofHour = markers.filter((marker) => marker.hour === hour);
      const isDue = packs[hour] === undefined ? isWorth : ofHour.length > 0;
      if (isDue) pending.push({ day, hour, markers: ofHour });
    }
  }
  return pending;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

/** The days with calls or packs, in order. A day with packs may have lost its calls. */
async function openDays(
  analytics: Pick<Archive, "folders">,
  from: string,
  packed: CompactionState["hours"],
): Promise<string[]> {
  const start = `live/${conversations.name}/${PARTITION.name}=`;
  const folders = await Array.fromAsync(analytics.folders(start));
  const days = new Set([...folders.map((folder) => folder.slice(start.length, -1)), ...Object.keys(packed)]);
  return [...days].filter((day) => day >= from).sort();
}

/** Whether these hours of a day have `atLeast` calls together. Lists no more of them than that. */
async function hasCalls(
  analytics: Pick<Archive, "list">,
  day: string,
  hours: readonly string[],
  atLeast: number,
): Promise<boolean> {
  let calls = 0;
  // Without packs they are the first hours of the day, in one listing.
  const isFromStart = hours.every((hour, index) => HOURS[index] === hour);
  const prefixes = isFromStart
    ? [dayFolder(conversations.name, "live", day)]
    : hours.map((hour) => hourFolder(conversations.name, `${day}/${hour}`));
  const wanted = new Set(hours.map((hour) => `${day}/${hour}`));
  for (const prefix of hours.length === 0 ? [] : prefixes) {
    for await (const { key } of analytics.list(prefix)) {
      const hour = hourInLiveKey(key);
      if (hour > `${day}/${hours.at(-1)}`) break;
      if (wanted.has(hour)) calls += 1;
      if (calls >= atLeast) return true;
    }
  }
  return false;
}
