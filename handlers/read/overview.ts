import { type JsonRow, jsonRows } from "./json-rows.ts";
import { type Range, rangeBefore, rangeOf } from "./range.ts";
import type { ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";

/** The numbers of a range of days. */
type Period = Range & JsonRow;

export interface Overview {
  readonly current: Period;
  readonly previous: Period;
}

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
  const values = { previous_from: before.from, to: range.to, agent: asked.agent ?? "*", from: range.from };
  const rows = jsonRows(await runQuery("overview", values, deps));
  const numbersOf = (period: string, { from, to }: Range): Period => {
    const { period: _, ...numbers } = rows.find((row) => row["period"] === period) ?? {};
    return { from, to, ...numbers };
  };
  return { current: numbersOf("current", range), previous: numbersOf("previous", before) };
}
