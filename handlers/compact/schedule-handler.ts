import type { Context } from "aws-lambda";
import { invocationLeaseOptions } from "../clients/aws/invocation-lease.ts";
import { LeaseHeld } from "../clients/lease.ts";
import { type Log, reasonOf } from "../clients/observability/log.ts";
import type { Measure } from "../clients/observability/measure.ts";
import { type CompactDeps, compact } from "./compact.ts";
import { type Compaction, CompactionFailed } from "./compaction.ts";

/** What the handler needs from outside. */
export interface CompactScheduleDeps extends Omit<CompactDeps, "leaseOptions" | "hasTime" | "onObject"> {
  readonly log: Log;
  readonly measure: Measure<"compactor">;
}

/** The longest time that a shard takes, with a margin. No shard is begun when less is left. */
const LAST_SHARD_MS = 5 * 60 * 1000;

/**
 * Returns a handler that compacts at each scheduled event. While another invocation compacts, it does nothing.
 *
 * A failure is logged and fails the invocation. The next one, minutes later, retries.
 */
export function scheduleHandler({ log, measure, ...deps }: CompactScheduleDeps) {
  function logDay(done: Compaction): void {
    for (const { day, did, shards } of done.days) log({ event: did, day, shards });
    for (const [day, keys] of Object.entries(done.unreadable)) log({ event: "unreadable", day, keys });
    const rewritten = done.days.filter(({ did }) => did === "rewritten");
    measure([
      { name: "DaysClosed", value: done.days.filter(({ did }) => did === "closed").length },
      { name: "DirtyShards", value: rewritten.reduce((sum, { shards }) => sum + shards, 0) },
      { name: "OldestOpenDay", value: done.oldestOpenSeconds, unit: "Seconds" },
      { name: "UnreadableObjects", value: Object.values(done.unreadable).flat().length },
    ]);
  }

  return async (_event: unknown, context: Context): Promise<void> => {
    const hasTime = () => context.getRemainingTimeInMillis() > LAST_SHARD_MS;
    try {
      logDay(await compact({ ...deps, leaseOptions: invocationLeaseOptions(context), hasTime }));
    } catch (error) {
      if (error instanceof LeaseHeld) return log({ event: "busy", reason: error.message });
      if (error instanceof CompactionFailed) logDay(error.done);
      log({ event: "failed", reason: reasonOf(error) });
      throw error;
    }
  };
}
