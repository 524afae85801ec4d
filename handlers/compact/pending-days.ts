import type { Archive } from "../clients/archive/archive.ts";
import { lastClosableDay } from "./days.ts";
import { dirtyDays } from "./dirty-markers.ts";
import { daysWithObjects } from "./live-objects.ts";
import type { CompactionState } from "./state.ts";

/** The days to compact now, in order. */
export interface PendingDays {
  /** Closed days in which something changed. */
  readonly rewrite: readonly string[];
  /** Open days to close. */
  readonly close: readonly string[];
  /** The last day that is closed when all of this is done. Days without calls need nothing else. */
  readonly lastDay: string;
}

/**
 * Returns the days to compact, given what is closed. Days are closed in order, up to the last one that may be.
 *
 * `only` restricts this to one day, which is rebuilt, or closed with the open days before it.
 */
export async function pendingDays(
  analytics: Pick<Archive, "folders">,
  { first_live_day: firstLiveDay, days, changed: readLive }: CompactionState,
  now: Date,
  closeAfterHours: number,
  only?: string,
): Promise<PendingDays> {
  const incomplete = Object.keys(days).filter((day) => days[day]?.includes(null));
  const changed = [...incomplete, ...Object.keys(readLive), ...(await Array.fromAsync(dirtyDays(analytics)))];
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
