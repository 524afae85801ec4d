import { dayAfter, endOf } from "../../../handlers/compact/days.ts";
import {
  both,
  NOTHING,
  type ReconcileWindowDeps,
  type Reconciliation,
  reconcile,
} from "../../../handlers/reconcile/reconcile.ts";
import type { Bookmark } from "../toolkit/bookmark.client.ts";

/** Selects calls by the UTC dates of their starts, and optionally by agent. */
export interface BackfillDays {
  readonly from: string;
  readonly to: string;
  readonly agent: string | undefined;
}

/** Returns the day to begin with: the day after the last one that an earlier run completed, else the first. */
export async function firstDayOf({ from }: BackfillDays, bookmark: Pick<Bookmark, "place">): Promise<string> {
  const place = await bookmark.place();
  return place ? dayAfter(place.after) : from;
}

/**
 * Reconciles each day from `first`, and saves each completed day in the bookmark. After a stop, the next run continues
 * with the day after the last completed one. After a failure, it continues with the first day that had a failure.
 * Nothing is written twice.
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
