import { isDeepStrictEqual } from "node:util";
import type { ClosedDays } from "../../queries/tables/closed-days.ts";
import { type Archive, PreconditionFailed } from "../clients/archive/archive.ts";
import type { LeaseOptions } from "../clients/lease.ts";
import { compactDay } from "./compact-day.ts";
import {
  type Compaction,
  CompactionFailed,
  type CompactionFailure,
  compactionStatus,
  type DayReport,
} from "./compaction.ts";
import { dayAfter } from "./days.ts";
import { dirtyMarkersOf } from "./dirty-markers.ts";
import { pendingDays } from "./pending-days.ts";
import { type CompactionState, closedDays, type HeldState, holdState, readState } from "./state.ts";

/** What the compactor needs from outside. */
export interface CompactDeps {
  readonly analytics: Pick<Archive, "put" | "get" | "stream" | "head" | "delete" | "list" | "folders">;
  /** Makes the views read closed days from `days/`, and the others from `live/`. */
  readonly moveViews: (closed: ClosedDays) => Promise<void>;
  /**
   * How long a query that began before the views moved may run, in seconds. A part that it may still read is not
   * replaced. 0 if a reader keeps the part that it opened.
   */
  readonly longestQuerySeconds: number;
  readonly leaseOptions: LeaseOptions;
  /** At least 1: what is written at the end of a day must be stored before the day is closed. */
  readonly closeAfterHours: number;
  readonly now: () => Date;
  /** Whether there is time to begin another shard. */
  readonly hasTime: () => boolean;
  /** Called after each live object that was read. */
  readonly onObject?: () => void;
}

/**
 * Rebuilds closed days that changed, closes days that ended long enough ago, and moves the views.
 *
 * May run any number of times, be killed at any point, and run twice at once:
 *
 * - A day is recorded as closed when all its parts are in place. The views move after that.
 * - A closed day that changed is read live until its parts are rebuilt and in place.
 * - A dirty marker is removed after its change was read.
 * - No object that a reader may still need is deleted, and none that a query may be reading is replaced.
 *
 * `only` is a day that is rebuilt regardless of its markers, or closed with the open days before it.
 *
 * @throws LeaseHeld if another compactor runs, PreconditionFailed if another one took over meanwhile.
 * @throws CompactionFailed if days could not be compacted.
 */
export async function compact(deps: CompactDeps, only?: string): Promise<Compaction> {
  const { state: found } = await readState(deps.analytics);
  if (await isAllDone(found, deps, only))
    return { days: [], isFinished: true, isIdle: true, ...compactionStatus(found, deps.now()) };
  const state = await holdState(deps.analytics, deps.leaseOptions, deps.now());
  const run: Run = { deps, state, days: [], failures: [] };
  try {
    const isFinished = await compactDays(run, only);
    if (!run.failures.some(({ subject }) => subject === VIEWS)) await attempt(run, VIEWS, () => moveViews(run));
    const done = { days: run.days, isFinished, isIdle: false, ...compactionStatus(state.current, deps.now()) };
    if (run.failures.length > 0) throw new CompactionFailed(run.failures, done);
    return done;
  } finally {
    // If the release fails, the lease is lost already, or it expires.
    await state.release().catch(() => {});
  }
}

/** Whether a run would find nothing to do now. */
export async function isIdle(deps: IdleDeps): Promise<boolean> {
  const { state } = await readState(deps.analytics);
  return isAllDone(state, deps, undefined);
}

/** What `isIdle` needs. */
export type IdleDeps = Pick<CompactDeps, "analytics" | "now" | "closeAfterHours">;

/** Whether there is nothing to do. Most runs find nothing, and then write nothing. */
async function isAllDone(state: CompactionState, deps: IdleDeps, only: string | undefined): Promise<boolean> {
  const { rewrite, close, lastDay } = await pendingDays(deps.analytics, state, deps.now(), deps.closeAfterHours, only);
  const isClosed = rewrite.length + close.length === 0 && lastDay < state.first_live_day;
  return isClosed && isDeepStrictEqual(closedDays(state), state.views);
}

/** The subject of a failure to move the views. */
const VIEWS = "the views";

interface Run {
  readonly deps: CompactDeps;
  readonly state: HeldState;
  readonly days: DayReport[];
  readonly failures: CompactionFailure[];
}

async function compactDays(run: Run, only: string | undefined): Promise<boolean> {
  const { deps, state } = run;
  const { rewrite, close, lastDay } = await pendingDays(
    deps.analytics,
    state.current,
    deps.now(),
    deps.closeAfterHours,
    only,
  );
  const isRewritten = await rewriteDays(run, rewrite, only);
  const isClosed = await closeDays(run, close);
  if (isClosed && state.current.first_live_day <= lastDay) await state.update({ first_live_day: dayAfter(lastDay) });
  return isRewritten && isClosed;
}

/** Makes the views read changed days live, and rebuilds those that no query can still be reading. */
async function rewriteDays(run: Run, days: readonly string[], only: string | undefined): Promise<boolean> {
  if (days.length === 0) return true;
  const { deps, state } = run;
  const newlyChanged = days.filter((day) => !(day in state.current.changed));
  if (newlyChanged.length > 0) {
    const changed = Object.fromEntries(newlyChanged.map((day) => [day, null]));
    await state.update({ changed: { ...state.current.changed, ...changed } });
  }
  if (!(await attempt(run, VIEWS, () => moveViews(run)))) return false;
  let isFinished = true;
  for (const day of days) {
    if (!isNoLongerRead(state.current.changed[day], deps)) continue;
    const isDone = await attempt(run, day, () => rewriteDay(run, day, day === only));
    isFinished &&= isDone;
  }
  return isFinished;
}

/** Whether every query that may read the parts of a day is over. The views read the day live since `since`. */
function isNoLongerRead(since: string | null | undefined, { now, longestQuerySeconds }: CompactDeps): boolean {
  return !!since && now().getTime() >= new Date(since).getTime() + 1000 * longestQuerySeconds;
}

/** Rebuilds a day. If it changes meanwhile, it is still read live, and the next run rebuilds it. */
async function rewriteDay(run: Run, day: string, isWhole: boolean): Promise<boolean> {
  const { deps, state } = run;
  const isComplete = await compactOne(run, day, "rewritten", isWhole);
  if (isComplete && (await dirtyMarkersOf(deps.analytics, day)).length === 0) {
    const { [day]: _, ...changed } = state.current.changed;
    await state.update({ changed });
  }
  return isComplete;
}

/** Closes days in order. A day that fails, or that there is no time for, holds back those after it. */
async function closeDays(run: Run, days: readonly string[]): Promise<boolean> {
  for (const day of days) {
    const isClosed = await attempt(run, day, async () => {
      const isComplete = await compactOne(run, day, "closed", false);
      if (isComplete) await run.state.update({ first_live_day: dayAfter(day) });
      return isComplete;
    });
    if (!isClosed) return false;
  }
  return true;
}

/** Writes the parts of a day. Returns whether there was time for all of them. */
async function compactOne({ deps, state, days }: Run, day: string, did: DayReport["did"], isWhole: boolean) {
  const { analytics, hasTime, onObject = () => {} } = deps;
  const markers = await dirtyMarkersOf(analytics, day);
  const { shards, isComplete } = await compactDay(day, markers, isWhole, { analytics, state, hasTime, onObject });
  if (shards > 0) days.push({ day, did, shards, record: state.current.days[day] ?? [] });
  return isComplete;
}

/** Moves the views to the recorded days, also if an earlier run recorded them and ended before it moved the views. */
async function moveViews({ deps, state }: Run): Promise<boolean> {
  const { changed, views: before } = state.current;
  const views = closedDays(state.current);
  const isMoved = isDeepStrictEqual(views, before);
  if (isMoved && !Object.values(changed).includes(null)) return true;
  if (!isMoved) await deps.moveViews(views);
  const now = deps.now().toISOString();
  const since = Object.entries(changed).map(([day, known]) => [day, known ?? now]);
  await state.update({ views, changed: Object.fromEntries(since) });
  return true;
}

/** Runs `task`, or records why it failed. A compactor that lost the state to another one does nothing more. */
async function attempt(run: Run, subject: string, task: () => Promise<boolean>): Promise<boolean> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof PreconditionFailed) throw error;
    run.failures.push({ subject, error });
    return false;
  }
}
