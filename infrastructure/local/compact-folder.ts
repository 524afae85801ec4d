import { setTimeout } from "node:timers/promises";
import { type Log, reasonOf } from "../../handlers/clients/observability/log.ts";
import { type CompactDeps, compact } from "../../handlers/compact/compact.ts";
import { type Compaction, logEntryOf } from "../../handlers/compact/compaction.ts";
import { CLOSE_AFTER_HOURS } from "../../handlers/compact/days.ts";
import { folderStores } from "./folder-stores.ts";
import type { LargeWork } from "./large-work.ts";

/** With this pause, a change to a closed day is visible within a minute. */
const EVERY_MS = 20_000;

/** While large objects wait to be processed, days are closed only this often: both at once need twice the memory. */
const LONGEST_DELAY_MS = 5 * 60_000;

/** The lease is exclusive and never waited for, because the folder lock keeps other processes out. */
const LEASE_OPTIONS = { holder: "this process", seconds: 900, isExclusive: true };

/**
 * Closes days in `folder`, rebuilds closed days that changed, and packs finished hours. The caller must have the folder's lock.
 *
 * There are no views to move: each query reads which days are closed, which hours are packed, and which changed. It does not wait for running
 * queries either: a reader that has opened a file keeps its bytes after the file is replaced.
 */
export function compactFolder(
  folder: string,
  more: Pick<CompactDeps, "now" | "onObject" | "packedFromCalls"> & { readonly hasTime?: () => boolean },
  only?: string,
): Promise<Compaction> {
  const deps = {
    analytics: folderStores(folder).analytics,
    moveViews: async () => {},
    longestQuerySeconds: 0,
    leaseOptions: LEASE_OPTIONS,
    closeAfterHours: CLOSE_AFTER_HOURS,
    hasTime: () => true,
    ...more,
  };
  return compact(deps, only);
}

/**
 * Compacts now, and then every `everyMs` milliseconds. Takes turns with other `large` work, and begins no shard while
 * that waits: after `longestDelayMs`, one shard. The next run continues. `stop` resolves when the current run has ended. A
 * run that still waits for its turn does not begin after that.
 */
export function compactRegularly(
  folder: string,
  log: Log,
  now: () => Date,
  large: LargeWork,
  { everyMs = EVERY_MS, longestDelayMs = LONGEST_DELAY_MS } = {},
): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;

  let lastShardAt = performance.now();
  /** The run that has its turn. */
  let current: Promise<unknown> = Promise.resolve();

  async function compactInTurn(): Promise<void> {
    if (signal.aborted) return;
    const hasTime = () => {
      const isDue = large.waiting === 0 || performance.now() - lastShardAt >= longestDelayMs;
      if (isDue) lastShardAt = performance.now();
      return isDue && !signal.aborted;
    };
    const { days } = await compactFolder(folder, { now, hasTime });
    for (const each of days) {
      const unreadable = each.record.flatMap((shard) => shard?.unreadable ?? []);
      log({ ...logEntryOf(each), unreadable: unreadable.length > 0 ? unreadable : undefined });
    }
  }

  async function run() {
    while (!signal.aborted) {
      try {
        await large.run(() => {
          const compacting = compactInTurn();
          current = compacting.catch(() => {});
          return compacting;
        });
      } catch (error) {
        log({ event: "compaction failed", reason: reasonOf(error) });
      }
      // `stop` aborts the pause, which is not an error.
      await setTimeout(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  void run();
  return {
    async stop() {
      stopping.abort();
      await current;
    },
  };
}
