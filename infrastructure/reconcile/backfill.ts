import { dayAfter, endOf } from "../../handlers/compact/days.ts";
import {
  both,
  NOTHING,
  type Reconciliation,
  type ReconcilingWindow,
  reconcile,
} from "../../handlers/reconcile/reconcile.ts";
import type { Bookmark } from "../reprocess/bookmark.client.ts";

/** Which calls, by the UTC dates of their starts and perhaps their agent. */
export interface BackfillDays {
  readonly from: string;
  readonly to: string;
  readonly agent: string | undefined;
}

/** What a run found, and the day it began with, where an earlier one had stopped. */
export interface Backfilled extends Reconciliation {
  readonly wentOnWith: string | undefined;
}

/**
 * Reconciles day by day, the oldest first, and notes each that is done. A run that is stopped goes on with the day after
 * it; one in which something failed, with the first day in which it did. Whatever is looked at twice is not written twice.
 */
export async function backfill(
  { from, to, agent }: BackfillDays,
  bookmark: Bookmark,
  reconciling: ReconcilingWindow,
): Promise<Backfilled> {
  const place = await bookmark.place();
  const first = place ? dayAfter(place.after) : from;
  let sum = NOTHING;
  let isClean = true;
  for (let day = first; day <= to; day = dayAfter(day)) {
    const window = { from: new Date(`${day}T00:00:00Z`), until: endOf(day), agentId: agent };
    const found = await reconcile(window, reconciling);
    sum = both(sum, found);
    isClean &&= found.failed + found.failedRecordings === 0;
    if (isClean && !reconciling.isDryRun) await bookmark.note({ after: day, done: sum.listed });
  }
  if (isClean && !reconciling.isDryRun) await bookmark.remove();
  return { ...sum, wentOnWith: place && first };
}
