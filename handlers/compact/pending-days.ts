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
  const closable = lastClosableDay(now, closeAfterHours);
  const lastDay = only !== undefined && only < closable ? only : closable;
  const stored = lastDay < firstLiveDay ? [] : await daysWithObjects(analytics, firstLiveDay, lastDay);

  const closed = (only === undefined ? changed : [only]).filter((day) => day < firstLiveDay);
  const open = [...stored, ...changed].filter((day) => day >= firstLiveDay && day <= lastDay);
  const pending = (did: PendingDay["did"]) => (day: string) => ({ day, did });
  return { days: [...inOrder(closed).map(pending("rewritten")), ...inOrder(open).map(pending("closed"))], lastDay };
}

function inOrder(days: readonly string[]): string[] {
  return [...new Set(days)].sort();
}
