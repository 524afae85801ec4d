import { closedDaysIn, STATE_KEY } from "../../queries/tables/closed-days.ts";
import { indexCounts } from "./index-counts.ts";
import { jsonRows } from "./json-rows.ts";
import { type Range, rangeOf } from "./range.ts";
import type { DeadLetterReport, ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";

/** One day. `calls` and `memories` are `null` if the indexes were not read, or if there are too many of them. */
interface ArchiveDay {
  readonly day: string;
  /** Calls in the archive, without failed attempts. */
  readonly calls: number | null;
  /** Calls in the tables. */
  readonly rows: number;
  readonly failed_attempts: number;
  readonly recordings: number;
  readonly recordings_missing: number;
  /** Calls whose memories are stored, or that have none to store. */
  readonly memories: number | null;
  /** Whether the day is complete in `days/`. */
  readonly closed: boolean;
}

/** How complete the archive is, per day. A part that this archive cannot state is `null`. */
export interface ArchiveReport extends Range {
  /** Days with calls or rows, the latest first. */
  readonly days: readonly ArchiveDay[];
  readonly dead_letters: readonly DeadLetterReport[] | null;
  readonly missing_calls: null;
  readonly findings: null;
}

/**
 * How many calls, rows, recordings and memories the archive has on each day of a range, which days are closed, and the
 * dead letters.
 *
 * @throws {Problem} if the range is not valid, or the query fails.
 */
export async function archiveReport(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  deps: Pick<ReadDeps, "analytics" | "engine" | "queries" | "deadLetters" | "indexes" | "now">,
): Promise<ArchiveReport> {
  const range = rangeOf(asked, deps.now());
  const values = { ...range, recorded_from: range.from, recorded_to: range.to };
  const rows = jsonRows(await runQuery("archive-days", values, deps));
  const counts = deps.indexes && (await indexCounts(deps.indexes));
  const { firstLiveDay, changed } = closedDaysIn((await deps.analytics.get(STATE_KEY))?.body);
  const indexed = [...(counts?.keys() ?? [])].filter((day) => day >= range.from && day <= range.to);
  const days = new Set([...rows.map((row) => String(row["day"])), ...indexed]);
  return {
    ...range,
    days: [...days]
      .toSorted()
      .toReversed()
      .map((day) => {
        const row = rows.find((each) => each["day"] === day);
        const ofDay = counts && (counts.get(day) ?? { calls: 0, memories: 0 });
        return {
          day,
          calls: ofDay?.calls ?? null,
          rows: Number(row?.["calls"] ?? 0),
          failed_attempts: Number(row?.["failed_attempts"] ?? 0),
          recordings: Number(row?.["recordings"] ?? 0),
          recordings_missing: Number(row?.["recordings_missing"] ?? 0),
          memories: ofDay?.memories ?? null,
          closed: day < firstLiveDay && !changed.includes(day),
        };
      }),
    dead_letters: deps.deadLetters ? await deps.deadLetters() : null,
    missing_calls: null,
    findings: null,
  };
}
