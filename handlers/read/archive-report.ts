import { closedDaysIn, STATE_KEY } from "../../queries/tables/closed-days.ts";
import { type JsonRow, jsonRows } from "./json-rows.ts";
import { type Range, rangeOf } from "./range.ts";
import type { DeadLetterReport, ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";

/** How complete the archive is, per day. A part that this deployment cannot state is `null`. */
export interface ArchiveReport extends Range {
  readonly days: readonly (JsonRow & { readonly closed: boolean })[];
  readonly dead_letters: readonly DeadLetterReport[] | null;
  readonly missing_calls: null;
  readonly findings: null;
}

/**
 * How many calls and recordings the archive has on each day of a range, which days are closed, and the dead letters.
 *
 * @throws {Problem} if the range is not valid, or the query fails.
 */
export async function archiveReport(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  deps: Pick<ReadDeps, "analytics" | "engine" | "queries" | "deadLetters" | "now">,
): Promise<ArchiveReport> {
  const range = rangeOf(asked, deps.now());
  const values = { ...range, recorded_from: range.from, recorded_to: range.to };
  const rows = jsonRows(await runQuery("archive-days", values, deps));
  const { firstLiveDay, changed } = closedDaysIn((await deps.analytics.get(STATE_KEY))?.body);
  const days = rows.map((row) => {
    const day = String(row["day"]);
    return { ...row, closed: day < firstLiveDay && !changed.includes(day) };
  });
  return {
    ...range,
    days,
    dead_letters: deps.deadLetters ? await deps.deadLetters() : null,
    missing_calls: null,
    findings: null,
  };
}
