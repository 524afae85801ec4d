import { type Archive, PreconditionFailed } from "../clients/archive.ts";
import type { Leasing } from "../clients/lease.ts";
import { compactDay } from "./compact-day.ts";
import { type Compaction, CompactionFailed, type DayReport, type Failure, standingOf } from "./compaction.ts";
import { dayAfter } from "./days.ts";
import { marksOf } from "./dirty-marks.ts";
import { type PendingDay, pendingDays } from "./pending-days.ts";
import { type HeldState, holdState } from "./state.ts";

/** How many hours after its end a day is closed, if nobody says otherwise: late calls are in by then. */
export const CLOSE_AFTER_HOURS = 3;

/** What the compactor needs from outside. */
export interface Compacting {
  readonly analytics: Pick<Archive, "put" | "get" | "head" | "delete" | "list" | "folders">;
  /** Has the views read days before `firstLiveDay` from `days/`, and the others from `live/`. */
  readonly moveViews: (firstLiveDay: string) => Promise<void>;
  readonly leasing: Leasing;
  /** At least 1: what is written while a day ends must be in before it is closed. */
  readonly closeAfterHours: number;
  readonly now: () => Date;
  /** Whether there is time to begin another shard. */
  readonly hasTime: () => boolean;
  /** Hears of each live object that was read. */
  readonly onObject?: () => void;
}

/**
 * Makes days that changed anew, closes those that are over for long enough, and moves the views.
 *
 * May run any number of times, be killed anywhere and be run twice at once: a day is named as closed when all its
 * parts are in place, views are moved after that, and a mark is removed when what it tells of has been read. No object
 * that a reader may still look for is ever deleted.
 *
 * `only` is a day that is made anew, or closed with those before it, whatever its marks say.
 *
 * @throws LeaseHeld if another compactor is at work, PreconditionFailed if another one took over meanwhile.
 * @throws CompactionFailed if days could not be compacted.
 */
export async function compact(from: Compacting, only?: string): Promise<Compaction> {
  const state = await holdState(from.analytics, from.leasing, from.now());
  const run: Run = { from, state, days: [], failures: [] };
  try {
    const isFinished = await compactDays(run, only);
    await attempt(run, "the views", () => moveViews(run));
    const done = { days: run.days, isFinished, ...standingOf(state.current, from.now()) };
    if (run.failures.length > 0) throw new CompactionFailed(run.failures, done);
    return done;
  } finally {
    // Whoever cannot give it back lost it, or leaves it to run out.
    await state.release().catch(() => {});
  }
}

interface Run {
  readonly from: Compacting;
  readonly state: HeldState;
  readonly days: DayReport[];
  readonly failures: Failure[];
}

/** A day that fails holds back those that are to be closed after it, and no others. */
async function compactDays(run: Run, only: string | undefined): Promise<boolean> {
  const { state } = run;
  const { analytics, now, closeAfterHours } = run.from;
  const { days, lastDay } = await pendingDays(analytics, state.current, now(), closeAfterHours, only);
  let [isFinished, mayClose] = [true, true];
  for (const pending of days) {
    if (pending.did === "closed" && !mayClose) break;
    const isDone = await attempt(run, pending.day, () => compactPending(run, pending, pending.day === only));
    isFinished &&= isDone;
    if (pending.did === "closed") mayClose = isDone;
  }
  if (mayClose && state.current.first_live_day <= lastDay) await state.update({ first_live_day: dayAfter(lastDay) });
  return isFinished;
}

/** Compacts a day, and names it as closed. Answers whether there was time for all of it. */
async function compactPending({ from, state, days }: Run, { day, did }: PendingDay, isWhole: boolean) {
  const { analytics, hasTime, onObject = () => {} } = from;
  const marks = await marksOf(analytics, day);
  const { shards, isComplete } = await compactDay(day, marks, isWhole, { analytics, state, hasTime, onObject });
  if (isComplete && did === "closed") await state.update({ first_live_day: dayAfter(day) });
  if (shards > 0) days.push({ day, did, shards, record: state.current.days[day] ?? [] });
  return isComplete;
}

/** Also where an earlier run named a day as closed and came no further. */
async function moveViews({ from, state }: Run): Promise<boolean> {
  const { first_live_day: firstLiveDay, views } = state.current;
  if (views !== firstLiveDay) {
    await from.moveViews(firstLiveDay);
    await state.update({ views: firstLiveDay });
  }
  return true;
}

/** Does it, or notes why it failed. Whoever lost the state to another does nothing more. */
async function attempt(run: Run, subject: string, task: () => Promise<boolean>): Promise<boolean> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof PreconditionFailed) throw error;
    run.failures.push({ subject, error });
    return false;
  }
}
