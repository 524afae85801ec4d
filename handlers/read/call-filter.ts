import { statedFolder } from "../call/caller.ts";
import { daysBefore, type Range } from "./range.ts";

/** The filter of a list of calls. A part that is absent selects every call. */
export interface CallFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly agent?: string | undefined;
  readonly caller?: string | undefined;
  readonly direction?: string | undefined;
  readonly channel?: string | undefined;
  readonly status?: string | undefined;
  readonly outcome?: string | undefined;
  readonly source?: string | undefined;
  readonly min_duration?: number | undefined;
  readonly max_duration?: number | undefined;
  readonly has_recording?: boolean | undefined;
  readonly failed_criterion?: string | undefined;
}

/** The parameters of a query of calls. Evaluations and recordings are read only for the filters that need them. */
export function filterParameters(filter: CallFilter, { from, to }: Range): Record<string, string> {
  const days = (isRead: boolean) => (isRead ? { from, to } : { from, to: daysBefore(from, 1) });
  const failed = days(filter.failed_criterion !== undefined);
  const recorded = days(filter.has_recording !== undefined);
  return {
    from,
    to,
    failed_from: failed.from,
    failed_to: failed.to,
    failed_criterion: filter.failed_criterion ?? "",
    has_failed: filter.failed_criterion === undefined ? "any" : "yes",
    recorded_from: recorded.from,
    recorded_to: recorded.to,
    has_recording: filter.has_recording === undefined ? "any" : filter.has_recording ? "yes" : "no",
    agent: filter.agent ?? "*",
    caller: filter.caller === undefined ? "*" : statedFolder(filter.caller),
    direction: filter.direction ?? "*",
    channel: filter.channel ?? "*",
    status: filter.status ?? "*",
    outcome: filter.outcome ?? "*",
    source: filter.source ?? "*",
    min_duration: String(filter.min_duration ?? -1),
    max_duration: String(filter.max_duration ?? 1e300),
  };
}
