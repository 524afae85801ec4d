import { closedDaysIn, STATE_KEY } from "../../queries/tables/closed-days.ts";
import { NOTICE_KINDS } from "../verify/archive-finding.ts";
import { indexCounts } from "./index-counts.ts";
import { jsonRows } from "./json-rows.ts";
import { type Range, rangeOf } from "./range.ts";
import type { DeadLetterReport, ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";
import type { Comparison, FindingsReport, ReportedFinding, Reporter } from "./stored-reports.ts";

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
  /** Calls that the archive lacked when the day was last compared with ElevenLabs; `null` if it never was. */
  readonly missing: number | null;
  /** When it was compared. */
  readonly compared_at: string | null;
}

/** A finding, the command that found it, and whether it is only a notice: nothing is wrong. */
type Finding = ReportedFinding & { readonly source: Reporter; readonly is_notice: boolean };

/** The kind of the doctor's findings that are not wrong. */
const DOCTORS_NOTE = "note";

/** How complete the archive is, per day. A part that this archive cannot state is `null`. */
export interface ArchiveReport extends Range {
  /** Days with calls or rows, the latest first. */
  readonly days: readonly ArchiveDay[];
  readonly dead_letters: readonly DeadLetterReport[] | null;
  /** The ids of calls that the archive lacked when the days were last compared with ElevenLabs. */
  readonly missing_calls: readonly string[] | null;
  /** The time of the earliest of these comparisons. */
  readonly missing_checked_at: string | null;
  /** What the last check of the whole archive and the doctor found. The first ones, if there are many. */
  readonly findings: readonly Finding[] | null;
  /** The number of findings. */
  readonly finding_count: number | null;
  /** The time of the last check of the whole archive (`verify`). */
  readonly findings_checked_at: string | null;
  /** The time of the last run of the doctor. */
  readonly doctor_checked_at: string | null;
}

/**
 * How many calls, rows, recordings and memories the archive has on each day of a range, which days are closed, the dead
 * letters, and what the last checks found.
 *
 * @throws {Problem} if the range is not valid, or the query fails.
 */
export async function archiveReport(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  deps: Pick<ReadDeps, "analytics" | "engine" | "queries" | "deadLetters" | "indexes" | "reports" | "now">,
): Promise<ArchiveReport> {
  const range = rangeOf(asked, deps.now());
  const values = { ...range, recorded_from: range.from, recorded_to: range.to };
  const rows = jsonRows(await runQuery("archive-days", values, deps));
  const counts = deps.indexes && (await indexCounts(deps.indexes));
  const { firstLiveDay, changed } = closedDaysIn((await deps.analytics.get(STATE_KEY))?.body);
  const indexed = [...(counts?.keys() ?? [])].filter((day) => day >= range.from && day <= range.to);
  const compared = new Map((await deps.reports?.comparisons(range))?.map((each) => [each.day, each]));
  const lacking = [...compared.values()].filter(({ missing }) => missing.length > 0).map(({ day }) => day);
  const days = new Set([...rows.map((row) => String(row["day"])), ...indexed, ...lacking]);
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
          missing: compared.get(day)?.missing.length ?? null,
          compared_at: compared.get(day)?.checked_at ?? null,
        };
      }),
    dead_letters: deps.deadLetters ? await deps.deadLetters() : null,
    ...missingIn([...compared.values()]),
    ...(await findingsOf(deps)),
  };
}

function missingIn(compared: readonly Comparison[]): Pick<ArchiveReport, "missing_calls" | "missing_checked_at"> {
  const [earliest = null] = compared.map(({ checked_at }) => checked_at).toSorted();
  return {
    missing_calls: earliest === null ? null : compared.flatMap(({ missing }) => missing),
    missing_checked_at: earliest,
  };
}

async function findingsOf({ reports }: Pick<ReadDeps, "reports">) {
  const [verify, doctor] = await Promise.all([reports?.findings("verify"), reports?.findings("doctor")]);
  const from = (source: Reporter, report: FindingsReport | undefined): Finding[] =>
    report?.findings.map((finding) => ({ source, ...finding, is_notice: isNotice(finding.kind) })) ?? [];
  return {
    findings: verify || doctor ? [...from("verify", verify), ...from("doctor", doctor)] : null,
    finding_count: verify || doctor ? (verify?.count ?? 0) + (doctor?.count ?? 0) : null,
    findings_checked_at: verify?.checked_at ?? null,
    doctor_checked_at: doctor?.checked_at ?? null,
  };
}

function isNotice(kind: string): boolean {
  return [DOCTORS_NOTE, ...NOTICE_KINDS].includes(kind);
}
