import type { Paths } from "../api/schema.ts";
import { numberIn, textIn } from "../parts/row.ts";

/** How complete the archive is, as the read API returns it. */
export type Report = Paths["/api/v1/archive"]["get"]["responses"][200]["content"]["application/json"];

/** One day. What is `null` is not known. */
export interface Day {
  readonly day: string;
  readonly calls: number | null;
  readonly rows: number;
  readonly recordings: number;
  readonly recordingsMissing: number;
  readonly memories: number | null;
  readonly isClosed: boolean;
  /** Calls that ElevenLabs had and the archive lacked when the day was compared. */
  readonly missing: number | null;
  readonly comparedAt: string | null;
}

/** An object whose processing failed for good. */
export interface DeadLetter {
  readonly key: string;
  readonly reason: string | null;
  readonly attempts: number | null;
  readonly at: string | null;
}

/** What a check found. */
export interface Finding {
  readonly source: string;
  readonly subject: string;
  readonly what: string;
  readonly remedy: string | null;
  /** A note needs attention at most; nothing is wrong. */
  readonly isNote: boolean;
}

/** The range on the page. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** The days with calls, the latest first. */
export function daysIn(report: Report): readonly Day[] {
  return report.days.map((row) => ({
    day: String(row["day"]),
    calls: numberIn(row, "calls"),
    rows: numberIn(row, "rows") ?? 0,
    recordings: numberIn(row, "recordings") ?? 0,
    recordingsMissing: numberIn(row, "recordings_missing") ?? 0,
    memories: numberIn(row, "memories"),
    isClosed: row["closed"] === true,
    missing: numberIn(row, "missing"),
    comparedAt: textIn(row, "compared_at"),
  }));
}

/** The dead letters; `null` if the archive cannot list them. */
export function deadLettersIn(report: Report): readonly DeadLetter[] | null {
  return (
    report.dead_letters?.map((row) => ({
      key: String(row["key"]),
      reason: textIn(row, "reason"),
      attempts: numberIn(row, "attempts"),
      at: textIn(row, "given_up_at"),
    })) ?? null
  );
}

/** The findings of the last checks, those that are wrong first; `null` if there was no check. */
export function findingsIn(report: Report): readonly Finding[] | null {
  if (report.findings === null) return null;
  return report.findings
    .map((row) => ({
      source: String(row["source"]),
      subject: String(row["subject"]),
      what: String(row["what"]),
      remedy: textIn(row, "remedy"),
      isNote: row["is_notice"] === true,
    }))
    .sort((one, other) => Number(one.isNote) - Number(other.isNote));
}

/** The id of the conversation of an object, for a link to its call. Objects in other folders belong to no call. */
export function callOfKey(key: string): string | undefined {
  return /^[^_/][^/]*\/([^/]+)\.(?:json|mp3)$/.exec(key)?.[1];
}

/** The sum of a column over days; `null` if it is not known of one of them. */
export function sumOf(days: readonly Day[], column: (day: Day) => number | null): number | null {
  return days.reduce<number | null>((sum, day) => {
    const count = column(day);
    return sum === null || count === null ? null : sum + count;
  }, 0);
}
