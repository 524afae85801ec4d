import { dayAfter, endOf } from "../../../../handlers/compact/days.ts";
import type { Comparison } from "../../../../handlers/read/stored-reports.ts";
import {
  both,
  NOTHING,
  type ReconcileWindowDeps,
  type Reconciliation,
  reconcile,
} from "../../../../handlers/reconcile/reconcile.ts";
import type { Reconciled } from "../../../../handlers/reconcile/reconcile-deps.ts";
import type { Bookmark } from "../bookmark.client.ts";

/** Selects calls by the UTC dates of their starts, and optionally by agent. */
export interface BackfillDays {
  readonly from: string;
  readonly to: string;
  readonly agent: string | undefined;
}

/** The dependencies of `backfill`. */
export interface BackfillDeps extends Omit<ReconcileWindowDeps, "hasTime"> {
  /** Called with each day that was compared to its end. */
  readonly onDay?: (comparison: Comparison) => Promise<void>;
  /** Ends the run: conversations that were begun are completed. Default: never. */
  readonly stop?: AbortSignal;
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
  { onDay, stop, ...deps }: BackfillDeps,
): Promise<Reconciliation> {
  let sum = NOTHING;
  let isClean = true;
  const hasTime = () => stop?.aborted !== true;
  for (let day = first; day <= to; day = dayAfter(day)) {
    const window = { from: new Date(`${day}T00:00:00Z`), until: endOf(day), agentId: agent };
    const missing: string[] = [];
    const onReconciled = async (reconciled: Reconciled) => {
      if (isMissing(reconciled)) missing.push(reconciled.conversationId);
      await deps.onReconciled?.(reconciled);
    };
    const found = await reconcile(window, { ...deps, hasTime, onReconciled });
    sum = both(sum, found);
    if (!hasTime()) return sum;
    await onDay?.({ day, checked_at: deps.now().toISOString(), listed: found.listed, missing });
    isClean &&= found.failed + found.failedRecordings === 0;
    if (isClean && !deps.isDryRun) await bookmark.save({ after: day, done: sum.listed });
  }
  if (isClean && !deps.isDryRun) await bookmark.remove();
  return sum;
}

/** Whether the archive lacks a call that ElevenLabs has. */
function isMissing({ call, conversationId }: Reconciled): boolean {
  return conversationId !== "" && ["missing", "unrecoverable", "failed"].includes(call);
}
