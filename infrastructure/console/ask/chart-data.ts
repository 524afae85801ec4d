import { type Axis, axisOf } from "./axis.ts";
import type { AnswerRow, Question } from "./questions.ts";

/** A point of a chart: its place on the axis, its height, and its name in full. */
export interface Point {
  readonly at: string;
  readonly value: number | null;
  readonly title: string;
}

/** The points with the same labels but for that of the axis. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** Series over an axis of days or numbers. */
export interface AxisDrawing {
  readonly kind: "line" | "column";
  readonly axis: Axis;
  readonly series: readonly Series[];
  /** How many series are not drawn. */
  readonly hidden: number;
}

/** What is drawn: series over an axis, or one bar for each row. */
export type Drawing = AxisDrawing | { readonly kind: "bars"; readonly bars: readonly Point[]; readonly hidden: number };

/** More panels and bars are not drawn: the table has all rows. */
const MOST_PANELS = 8;
const MOST_BARS = 24;
/** A label may be a text of any length. */
const LONGEST_NAME = 200;

/** What a chart of `rows` shows, with the column `value` as its height. `asked` has the days that were asked for. */
export function drawingOf(
  { kind, labels }: NonNullable<Question["chart"]>,
  value: string,
  rows: readonly AnswerRow[],
  asked: Readonly<Record<string, string>>,
): Drawing {
  const axis = axisOf(labels, rows, asked);
  if (axis === undefined) {
    const bars = rows.slice(0, MOST_BARS).map((row) => pointOf(row, labels, value, joined(row, labels)));
    return { kind: "bars", bars, hidden: rows.length - bars.length };
  }
  const others = labels.filter((label) => label !== axis.name);
  const series = [...Map.groupBy(rows, (row) => joined(row, others))].map(([name, group]) => ({
    name,
    points: group.map((row) => pointOf(row, labels, value, String(row[axis.name]))),
  }));
  // Over days, the largest first. Else in the order of the answer, such as that of weekdays.
  const ordered = axis.isDays ? series.toSorted((one, other) => sumOf(other) - sumOf(one)) : series;
  const shown = ordered.slice(0, MOST_PANELS);
  return { kind: kind === "line" ? "line" : "column", axis, series: shown, hidden: series.length - shown.length };
}

function pointOf(row: AnswerRow, labels: readonly string[], value: string, at: string): Point {
  const height = row[value] ?? null;
  return {
    at,
    value: height === null ? null : Number(height),
    title: `${joined(row, labels)}: ${height ?? "no value"}`,
  };
}

/** An agent without a name has its id. */
function joined(row: AnswerRow, labels: readonly string[]): string {
  return labels
    .map((label) => row[label] ?? (label === "agent_name" ? row["agent_id"] : undefined) ?? "–")
    .join(" · ")
    .slice(0, LONGEST_NAME);
}

function sumOf({ points }: Series): number {
  return points.reduce((sum, { value }) => sum + (value ?? 0), 0);
}
