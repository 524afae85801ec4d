import { setTimeout } from "node:timers/promises";
import { type Log, reasonOf } from "../../handlers/clients/observability/log.ts";
import { type CompactDeps, compact } from "../../handlers/compact/compact.ts";
import type { Compaction } from "../../handlers/compact/compaction.ts";
import { CLOSE_AFTER_HOURS } from "../../handlers/compact/days.ts";
import { folderStores } from "./folder-stores.ts";
import type { LargeWork } from "./large-work.ts";

/** A change to a closed day is seen within a minute. */
const EVERY_MS = 20_000;

/** The lease is noted, and not waited for: nobody else works in this folder. */
const LEASE_OPTIONS = { holder: "this process", seconds: 900, isExclusive: true };

/**
 * Closes days in `folder`, and makes those that changed anew; for whoever has the folder's lock.
 *
 * There are no views to move: each query reads which days are closed and which changed. Nor is there anybody to wait
 * for: whoever opened a file goes on reading it when another one is put in its place.
 */
export function compactFolder(
  folder: string,
  more: Pick<CompactDeps, "now" | "onObject"> & { readonly hasTime?: () => boolean },
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
 * Compacts now, and then every `everyMs` milliseconds, in turn with other `large` work. While such work waits, no further
 * shard is begun: the next run continues. `stop` resolves when the current run has ended.
 */
export function compactRegularly(
  folder: string,
  log: Log,
  now: () => Date,
  large: LargeWork,
  everyMs: number = EVERY_MS,
): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;

  const hasTime = () => !signal.aborted && large.waiting === 0;

  async function run() {
    while (!signal.aborted) {
      try {
        const { days, unreadable } = await large.run(() => compactFolder(folder, { now, hasTime }));
        for (const { day, did, shards } of days) log({ event: did, day, shards, unreadable: unreadable[day] });
      } catch (error) {
        log({ event: "compaction failed", reason: reasonOf(error) });
      }
      // Ends early when it is aborted, which is no error here.
      await setTimeout(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  const ended = run();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
