import { type JsonRow, jsonRows } from "./json-rows.ts";
import { type Range, rangeBefore, rangeOf } from "./range.ts";
import type { ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";

/** The numbers of a range of days. */
type Period = Range & JsonRow;

export interface Overview {
  readonly current: Period;
  readonly previous: Period;
  /** One row for each day of both ranges that has a call or attempt, in order. */
  readonly days: readonly JsonRow[];
}

/** The numbers that are percentiles. A range without calls has none. */
const PERCENTILES = ["p50_duration_secs", "p50_wait_secs", "p95_wait_secs", "waits"] as const;

/**
 * The numbers of a range, and of the range before it with as many days.
 *
 * @throws {Problem} if the range is not valid, or the query fails.
 */
export async function overviewOf(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined; readonly agent?: string | undefined },
  deps: Pick<ReadDeps, "engine" | "queries" | "now">,
): Promise<Overview> {
  const range = rangeOf(asked, deps.now());
  const before = rangeBefore(range);
  const agent = asked.agent ?? "*";
  const [numbers, perDay] = await Promise.all([
    runQuery("overview", { previous_from: before.from, to: range.to, agent, from: range.from }, deps),
    runQuery("overview-days", daysParameters(before.from, range, agent), deps),
  ]);
  const [rows, days] = [jsonRows(numbers), jsonRows(perDay)];
  const numbersOf = (name: string, { from, to }: Range): Period => {
    const { period: _, ...ofPeriod } = rows.find(({ period }) => period === name) ?? {};
    const whole = days.find(({ period, day }) => period === name && day === null);
    const percentiles = PERCENTILES.map((column) => [column, whole?.[column] ?? null]);
    return { from, to, ...ofPeriod, ...Object.fromEntries(percentiles) };
  };
  return {
    current: numbersOf("current", range),
    previous: numbersOf("previous", before),
    days: days
      .filter(({ day }) => day !== null)
      .map(({ period: _, ...numbers }) => numbers)
      .sort((one, other) => (String(one["day"]) < String(other["day"]) ? -1 : 1)),
  };
}

function daysParameters(first: string, { from, to }: Range, agent: string): Record<string, string> {
  return { first_day: first, last_day: to, agent, wait_from: first, wait_to: to, wait_agent: agent, from };
}
