import { conversations } from "../../queries/tables/conversations.ts";
import { dayFolder, HOUR, hourFolder, hourInLiveKey, PARTITION } from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { PACKED_FROM_CALLS, packableFrom } from "./days.ts";
import { type DirtyMarker, dirtyDays, dirtyMarkersOf } from "./dirty-markers.ts";
import { foldersIn } from "./live-objects.ts";
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
 * Returns the hours of open days to pack now, in order: packed ones that changed, and finished ones with calls that are
 * not packed, if they have `packedFrom` calls together.
 */
export async function pendingHours(
  analytics: Pick<Archive, "folders" | "list">,
  { first_live_day: firstLiveDay, hours: packed }: CompactionState,
  now: Date,
  packedFrom = PACKED_FROM_CALLS,
): Promise<PendingHour[]> {
  const dirty = new Set(await Array.fromAsync(dirtyDays(analytics)));
  const pending: PendingHour[] = [];
  const withCalls = await foldersIn(analytics, `live/${conversations.name}/${PARTITION.name}=`);
  // A day with packs may have lost all its calls.
  for (const day of [...new Set([...withCalls, ...Object.keys(packed)])].sort()) {
    if (day < firstLiveDay) continue;
    const markers = dirty.has(day) ? await dirtyMarkersOf(analytics, day) : [];
    const packs = packed[day] ?? {};
    const changed = Object.keys(packs).filter((hour) => markers.some((marker) => marker.hour === hour));
    const unpacked = await unpackedHours(analytics, day, packs, now);
    const isWorth = await haveCalls(analytics, day, unpacked, Object.keys(packs).length > 0, packedFrom);
    for (const hour of [...changed, ...(isWorth ? unpacked : [])].sort())
      pending.push({ day, hour, markers: markers.filter((marker) => marker.hour === hour) });
  }
  return pending;
}

/** The finished hours of a day that have calls and no pack, in order. */
async function unpackedHours(
  analytics: Pick<Archive, "folders">,
  day: string,
  packs: Readonly<Record<string, unknown>>,
  now: Date,
): Promise<string[]> {
  const hours = await foldersIn(analytics, `${dayFolder(conversations.name, "live", day)}${HOUR.name}=`);
  return hours.filter((hour) => packs[hour] === undefined && now >= packableFrom(`${day}/${hour}`));
}

/** Whether these hours of a day have `atLeast` calls together. Lists no more of them than that. */
async function haveCalls(
  analytics: Pick<Archive, "list">,
  day: string,
  hours: readonly string[],
  hasPacks: boolean,
  atLeast: number,
): Promise<boolean> {
  if (hours.length === 0) return false;
  // Without packs they are the first hours of the day, in one listing.
  const prefixes = hasPacks
    ? hours.map((hour) => hourFolder(conversations.name, `${day}/${hour}`))
    : [dayFolder(conversations.name, "live", day)];
  const wanted = new Set(hours.map((hour) => `${day}/${hour}`));
  let calls = 0;
  for (const prefix of prefixes) {
    for await (const { key } of analytics.list(prefix)) {
      const hour = hourInLiveKey(key);
      if (hour > `${day}/${hours.at(-1)}`) break;
      if (wanted.has(hour)) calls += 1;
      if (calls >= atLeast) return true;
    }
  }
  return false;
}
