import type { RuleSwitch } from "../clients/aws/rule-switch.ts";
import { type Log, reasonOf } from "../clients/observability/log.ts";
import { type IdleDeps, isIdle } from "./compact.ts";

/** What a run does with the rule that runs the compactor while there is work. */
export interface BusyScheduleDeps extends IdleDeps {
  /** `undefined` if there is none: the compactor then runs once an hour. */
  readonly busySchedule: RuleSwitch | undefined;
  readonly log: Log;
}

/**
 * Enables the rule after a run that had work: another run may be needed within minutes. A run of this rule that found
 * nothing disables it.
 *
 * A change can arrive while the rule is disabled, so this looks for one afterwards, and enables the rule again. A change
 * that arrives later enables it itself. If a request fails, the hourly run repeats it.
 */
export async function setBusySchedule(event: unknown, wasIdle: boolean, deps: BusyScheduleDeps): Promise<void> {
  const { busySchedule, log } = deps;
  if (!busySchedule) return;
  try {
    if (!wasIdle) return await busySchedule.enable();
    if (!isOfRule(event, busySchedule.name)) return;
    await busySchedule.disable();
    if (!(await isIdle(deps))) await busySchedule.enable();
  } catch (error) {
    log({ event: "schedule not changed", reason: reasonOf(error) });
  }
}

/** Whether this rule sent the event. EventBridge names the rule in `resources`. */
function isOfRule(event: unknown, name: string): boolean {
  const resources = typeof event === "object" && event !== null && "resources" in event ? event.resources : undefined;
  return Array.isArray(resources) && resources.some((arn) => String(arn).endsWith(`:rule/${name}`));
}
