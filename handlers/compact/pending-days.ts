import type { Archive } from "../clients/archive/archive.ts";
import { lastClosableDay } from "./days.ts";
import { dirtyDays } from "./dirty-markers.ts";
import { daysWithObjects } from "./live-objects.ts";
import type { CompactionState } from "./state.ts";

/** What there is to do at a time, in order. */
export interface PendingDays {
  /** Closed days in which something changed. */
  readonly rewrite: readonly string[];
  /** Days to be closed. */
  readonly close: readonly string[];
  /** The last day that is closed when all of it is done; days without calls need nothing else. */
  readonly lastDay: string;
}

/**
 * What there is to do, given what is closed. Days are closed one after the other, up to the last that may be.
 *
 * `only` is a day that is made anew, or closed with those before it, and nothing else.
 */
export async function pendingDays(
  analytics: Pick<Archive, "folders">,
  { first_live_day: firstLiveDay, days, changed: readLive }: CompactionState,
  now: Date,
  closeAfterHours: number,
  only?: string,
): Promise<PendingDays> {
  const halfDone = Object.keys(days).filter((day) => days[day]?.includes(null));
  const changed = [...halfDone, ...Object.keys(readLive), ...(await Array.fromAsync(dirtyDays(analytics)))];
  const closable = lastClosableDay(now, closeAfterHours);
  const lastDay = only !== undefined && only < closable ? only : closable;
  const stored = lastDay < firstLiveDay ? [] : await daysWithObjects(analytics, firstLiveDay, lastDay);

  return {
    rewrite: inOrder((only === undefined ? changed : [only]).filter((day) => day < firstLiveDay)),
    close: inOrder([...stored, ...changed].filter((day) => day >= firstLiveDay && day <= lastDay)),
    lastDay,
  };
}

function inOrder(days: readonly string[]): string[] {
  return [...new Set(days)].sort();
}
