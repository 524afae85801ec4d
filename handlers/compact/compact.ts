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
import { deleteRetired, packHour, withoutPacks } from "./pack-hour.ts";
import { pendingDays } from "./pending-days.ts";
import { pendingHours } from "./pending-hours.ts";
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
  /** The number of calls in the finished hours of an open day from which they are packed. By default 500. */
  readonly packedFromCalls?: number;
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
 * Rebuilds closed days that changed, closes days that ended long enough ago, packs the finished hours of open days, and
 * moves the views.
 *
 * May run any number of times, be killed at any point, and run twice at once:
 *
 * - A day is recorded as closed when all its parts are in place. The views move after that.
 * - A closed day that changed is read live until its parts are rebuilt and in place.
 * - A dirty marker is removed after its change was read.
 * - The pack of an hour that changed is replaced by one with another number.
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
    await attempt(run, RETIRED, () => removeRetired(run));
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
export type IdleDeps = Pick<CompactDeps, "analytics" | "now" | "closeAfterHours" | "packedFromCalls">;

/** Whether there is nothing to do. Most runs find nothing, and then write nothing. */
async function isAllDone(state: CompactionState, deps: IdleDeps, only: string | undefined): Promise<boolean> {
  const { rewrite, close, lastDay } = await pendingDays(deps.analytics, state, deps.now(), deps.closeAfterHours, only);
  const isClosed = rewrite.length + close.length === 0 && lastDay < state.first_live_day;
  if (!isClosed || !isDeepStrictEqual(closedDays(state), state.views)) return false;
  if (only !== undefined) return true;
  if (Object.values(state.retired).some((since) => since === null || isOver(since, deps))) return false;
  return (await pendingHours(deps.analytics, state, deps.now(), deps.packedFromCalls)).length === 0;
}

/**
 * How long a pack is kept that the views do not read any more. A query that names it may run for 30 minutes (the quota of
 * Athena for a DML query, docs.aws.amazon.com/athena/latest/ug/service-limits.html, 2026-12).
 */
const RETIRED_PACK_MS = 60 * 60 * 1000;

/** Whether no query can read a pack any more that the views do not read since this time. */
function isOver(since: string | null, { now }: Pick<IdleDeps, "now">): boolean {
  return isAgo(RETIRED_PACK_MS, since, now());
}

/** Whether a time is on record and at least `ms` milliseconds ago. */
function isAgo(ms: number, since: string | null | undefined, now: Date): boolean {
  return !!since && now.getTime() >= new Date(since).getTime() + ms;
}

/** The subjects of failures to move the views, and to delete packs. */
const VIEWS = "the views";
const RETIRED = "packs that are not read any more";

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
  const isPacked = only !== undefined || (await packHours(run));
  return isRewritten && isClosed && isPacked;
}

/** Packs the finished hours of open days. An hour that fails does not hold back the others. */
async function packHours(run: Run): Promise<boolean> {
  const { analytics, now, packedFromCalls, hasTime, onObject = () => {} } = run.deps;
  const { state, days } = run;
  for (const pending of await pendingHours(analytics, state.current, now(), packedFromCalls)) {
    if (!hasTime()) return false;
    const hour = `${pending.day}/${pending.hour}`;
    await attempt(run, hour, async () => {
      const record = await packHour(pending, { analytics, state, onObject });
      if (record) days.push({ day: hour, did: "packed", shards: 1, record: [record] });
      return true;
    });
  }
  return true;
}

/** Deletes the packs that the views do not read any more. */
async function removeRetired({ deps, state }: Run): Promise<boolean> {
  const { retired } = state.current;
  const left = await deleteRetired(retired, (since) => isOver(since, deps), deps.analytics);
  if (!isDeepStrictEqual(left, retired)) await state.update({ retired: left });
  return true;
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
  return isAgo(1000 * longestQuerySeconds, since, now());
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
      if (isComplete) {
        const left = await withoutPacks(day, run.state.current, run.deps.analytics);
        await run.state.update({ first_live_day: dayAfter(day), ...left });
      }
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
  const { changed, retired, views: before } = state.current;
  const views = closedDays(state.current);
  const isMoved = isDeepStrictEqual(views, before);
  const isTimed = ![...Object.values(changed), ...Object.values(retired)].includes(null);
  if (isMoved && isTimed) return true;
  if (!isMoved) await deps.moveViews(views);
  const now = deps.now().toISOString();
  await state.update({ views, changed: timed(changed, now), retired: timed(retired, now) });
  return true;
}

/** The same times, and `now` where there is none. */
function timed(times: Readonly<Record<string, string | null>>, now: string): Record<string, string> {
  return Object.fromEntries(Object.entries(times).map(([subject, since]) => [subject, since ?? now]));
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
