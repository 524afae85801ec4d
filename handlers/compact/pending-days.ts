import type { Archive } from "../clients/archive.ts";
import { lastClosableDay } from "./days.ts";
import { dirtyDays } from "./dirty-marks.ts";
import { daysWithObjects } from "./live-objects.ts";
import type { CompactionState } from "./state.ts";

/** A day that there is something to do for: to close it, or, since something in it changed, to make it anew. */
export interface PendingDay {
  readonly day: string;
  readonly did: "closed" | "rewritten";
}

/** What there is to do at a time. */
export interface Pending {
  /** Closed days first, then those to be closed, in order. */
  readonly days: readonly PendingDay[];
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
  { first_live_day: firstLiveDay, days }: CompactionState,
  now: Date,
  closeAfterHours: number,
  only?: string,
): Promise<Pending> {
  const halfDone = Object.keys(days).filter((day) => days[day]?.includes(null));
  const changed = [...halfDone, ...(await Array.fromAsync(dirtyDays(analytics)))];
  const dirty = [...new Set(only === undefined ? changed : [only])].filter((day) => day < firstLiveDay).sort();

  const closable = lastClosableDay(now, closeAfterHours);
  const lastDay = only !== undefined && only < closable ? only : closable;
  const open = lastDay < firstLiveDay ? [] : await daysWithObjects(analytics, firstLiveDay, lastDay);
  return {
    days: [
      ...dirty.map((day) => ({ day, did: "rewritten" as const })),
      ...open.map((day) => ({ day, did: "closed" as const })),
    ],
    lastDay,
  };
}
