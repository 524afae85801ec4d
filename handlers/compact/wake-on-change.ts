import { DIRTY_FOLDER } from "../../queries/tables/closed-days.ts";
import type { Archive } from "../clients/archive/archive.ts";
import type { RuleSwitch } from "../clients/aws/rule-switch.ts";
import { type Log, reasonOf } from "../clients/observability/log.ts";

/** What `wakeOnChange` needs from outside. */
export interface WakeDeps {
  /** The rule that runs the compactor every five minutes; `undefined` if there is none. */
  readonly busySchedule: Pick<RuleSwitch, "enable"> | undefined;
  readonly now: () => Date;
  readonly log: Log;
}

/** Less than the five minutes between two runs: the run that finds a marker leaves the rule enabled. */
const ENABLED_FOR_MS = 60 * 1000;

/**
 * Returns an archive that enables the compactor's rule after each put of a dirty marker, at most once a minute for each
 * day. So thousands of changes run the compactor no more often than one.
 *
 * A rule that cannot be enabled fails no put. The compactor runs every hour in any case, and finds the marker.
 */
export function wakeOnChange(analytics: Archive, { busySchedule, now, log }: WakeDeps): Archive {
  const enabledAt = new Map<string, number>();

  async function wake(day: string): Promise<void> {
    const since = now().getTime() - (enabledAt.get(day) ?? Number.NEGATIVE_INFINITY);
    if (!busySchedule || (since >= 0 && since < ENABLED_FOR_MS)) return;
    try {
      await busySchedule.enable();
      enabledAt.set(day, now().getTime());
    } catch (error) {
      log({ event: "compactor not woken", day, reason: reasonOf(error) });
    }
  }

  return {
    ...analytics,
    async put(key, ...rest) {
      const stored = await analytics.put(key, ...rest);
      const [day] = key.startsWith(DIRTY_FOLDER) ? key.slice(DIRTY_FOLDER.length).split("/") : [];
      if (day !== undefined) await wake(day);
      return stored;
    },
  };
}
