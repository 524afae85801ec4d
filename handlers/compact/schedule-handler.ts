import type { Context } from "aws-lambda";
import { invocationLeaseOptions } from "../clients/aws/invocation-lease.ts";
import { LeaseHeld } from "../clients/lease.ts";
import { type Log, reasonOf } from "../clients/observability/log.ts";
import type { Measure } from "../clients/observability/measure.ts";
import { type BusyScheduleDeps, setBusySchedule } from "./busy-schedule.ts";
import { type CompactDeps, compact } from "./compact.ts";
import { type Compaction, CompactionFailed, logEntryOf } from "./compaction.ts";
import { LATE_HOURS } from "./days.ts";

/** What the handler needs from outside. */
export interface CompactScheduleDeps extends Omit<CompactDeps, "leaseOptions" | "hasTime" | "onObject"> {
  readonly busySchedule: BusyScheduleDeps["busySchedule"];
  readonly log: Log;
  readonly measure: Measure<"compactor">;
}

/** The longest time that a shard takes, with a margin. No shard is begun when less is left. */
const LAST_SHARD_MS = 5 * 60 * 1000;

/** The run did what it could, and closed days or packed hours still lack rows, or days are late. */
export class ClosedDaysIncomplete extends Error {
  override readonly name = "ClosedDaysIncomplete";
}

/**
 * Returns a handler that compacts at each scheduled event. While another invocation compacts, it does nothing.
 *
 * A failure is logged and fails the invocation, and so do a day that is closed too late and a live object that cannot
 * be read. The next run retries.
 */
export function scheduleHandler({ log, measure, busySchedule, ...deps }: CompactScheduleDeps) {
  function logDay(done: Compaction): void {
    for (const each of done.days) log(logEntryOf(each));
    for (const [day, keys] of Object.entries(done.unreadable)) log({ event: "unreadable", day, keys });
    const rewritten = done.days.filter(({ did }) => did === "rewritten");
    measure([
      { name: "DaysClosed", value: done.days.filter(({ did }) => did === "closed").length },
      { name: "DirtyShards", value: rewritten.reduce((sum, { shards }) => sum + shards, 0) },
      { name: "OldestOpenDay", value: done.oldestOpenSeconds, unit: "Seconds" },
      { name: "UnreadableObjects", value: unreadableIn(done) },
    ]);
  }

  async function run(event: unknown, context: Context): Promise<void> {
    const hasTime = () => context.getRemainingTimeInMillis() > LAST_SHARD_MS;
    const setSchedule = (wasIdle: boolean) => setBusySchedule(event, wasIdle, { ...deps, busySchedule, log });
    try {
      const done = await compact({ ...deps, leaseOptions: invocationLeaseOptions(context), hasTime });
      logDay(done);
      await setSchedule(done.isIdle);
      failIfIncomplete(done);
    } catch (error) {
      if (error instanceof ClosedDaysIncomplete || error instanceof LeaseHeld) throw error;
      if (error instanceof CompactionFailed) logDay(error.done);
      await setSchedule(false);
      throw error;
    }
  }

  function failIfIncomplete(done: Compaction): void {
    const unreadable = unreadableIn(done);
    const lateHours = deps.closeAfterHours + LATE_HOURS;
    const isLate = done.oldestOpenSeconds > 3_600 * lateHours;
    const reasons = [
      ...(unreadable > 0 ? [`${unreadable} live objects cannot be read`] : []),
      ...(isLate ? [`the first open day ended more than ${lateHours} hours ago`] : []),
    ];
    if (reasons.length > 0) throw new ClosedDaysIncomplete(reasons.join("; "));
  }

  return async (event: unknown, context: Context): Promise<void> => {
    try {
      await run(event, context);
    } catch (error) {
      if (error instanceof LeaseHeld) return log({ event: "busy", reason: error.message });
      log({ event: "failed", reason: reasonOf(error) });
      throw error;
    }
  };
}

function unreadableIn({ unreadable }: Compaction): number {
  return Object.values(unreadable).flat().length;
}
