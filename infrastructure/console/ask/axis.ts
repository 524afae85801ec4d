import type { AnswerRow } from "./questions.ts";

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;
/** A range with more days is drawn from its first row to its last one. */
const MOST_ASKED_DAYS = 100;
/** The longest axis whose places without a row are drawn as gaps. */
const MOST_DAYS = 800;
const MOST_NUMBERS = 200;

/** The places of a chart from left to right. */
export interface Axis {
  readonly name: string;
  readonly places: readonly string[];
  readonly isDays: boolean;
}

/**
 * The label that is an axis: days are the first label, and numbers the last one. Its places are all days that were asked
 * for, or all whole numbers between the first and the last, so that a gap is seen.
 */
export function axisOf(
  labels: readonly string[],
  rows: readonly AnswerRow[],
  { from, to }: Readonly<Record<string, string>>,
): Axis | undefined {
  const [first] = labels;
  const last = labels.at(-1);
  if (first !== undefined && rows.every((row) => DAY.test(String(row[first])))) {
    const found = unique(rows, first);
    return { name: first, places: days(found, from, to), isDays: true };
  }
  if (labels.length > 1 && last !== undefined && rows.every((row) => isNumber(row[last])))
    return { name: last, places: last === "hour" ? numbers(0, 23) : wholeNumbers(unique(rows, last)), isDays: false };
  return undefined;
}

function days(found: readonly string[], from: string | undefined, to: string | undefined): string[] {
  const times = found.map((day) => Date.parse(day)).sort((one, other) => one - other);
  const step = times.length > 1 && times.every((time) => new Date(time).getUTCDay() === 1) ? 7 : 1;
  const asked = [Date.parse(from ?? ""), Date.parse(to ?? "")] as const;
  const isShort = step === 1 && (asked[1] - asked[0]) / DAY_MS <= MOST_ASKED_DAYS;
  const [start = 0, end = 0] = isShort ? asked : [times[0], times.at(-1)];
  const count = Math.round((end - start) / DAY_MS / step) + 1;
  if (count > MOST_DAYS) return [...found].sort();
  return Array.from({ length: count }, (_, index) =>
    new Date(start + index * step * DAY_MS).toISOString().slice(0, 10),
  );
}

function wholeNumbers(found: readonly string[]): string[] {
  const sorted = found.map(Number).sort((one, other) => one - other);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  return sorted.every(Number.isInteger) && last - first <= MOST_NUMBERS ? numbers(first, last) : sorted.map(String);
}

function numbers(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}

function unique(rows: readonly AnswerRow[], label: string): string[] {
  return [...new Set(rows.map((row) => String(row[label])))];
}

function isNumber(value: unknown): boolean {
  return value !== null && value !== "" && Number.isFinite(Number(value));
}
