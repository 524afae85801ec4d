import { dayAfter, endOf } from "../../../handlers/compact/days.ts";
import {
  both,
  NOTHING,
  type ReconcileWindowDeps,
  type Reconciliation,
  reconcile,
} from "../../../handlers/reconcile/reconcile.ts";
import type { Bookmark } from "../toolkit/bookmark.client.ts";

/** Which calls, by the UTC dates of their starts and perhaps their agent. */
export interface BackfillDays {
  readonly from: string;
  readonly to: string;
  readonly agent: string | undefined;
}

/** The day to begin with: after those that an earlier run of the same has done, else the first. */
export async function firstDayOf({ from }: BackfillDays, bookmark: Pick<Bookmark, "place">): Promise<string> {
  const place = await bookmark.place();
  return place ? dayAfter(place.after) : from;
}

/**
 * Reconciles day by day, the oldest first from `first` on, and notes each that is done. A run that is stopped goes on with
 * the day after it; one in which something failed, with the first day in which it did. Whatever is looked at twice is
 * not written twice.
 */
export async function backfill(
  first: string,
  { to, agent }: BackfillDays,
  bookmark: Omit<Bookmark, "place">,
  deps: ReconcileWindowDeps,
): Promise<Reconciliation> {
  let sum = NOTHING;
  let isClean = true;
  for (let day = first; day <= to; day = dayAfter(day)) {
    const window = { from: new Date(`${day}T00:00:00Z`), until: endOf(day), agentId: agent };
    const found = await reconcile(window, deps);
    sum = both(sum, found);
    isClean &&= found.failed + found.failedRecordings === 0;
    if (isClean && !deps.isDryRun) await bookmark.save({ after: day, done: sum.listed });
  }
  if (isClean && !deps.isDryRun) await bookmark.remove();
  return sum;
}
