import { plot } from "simple-ascii-chart";
import type { Cell, QueryResult } from "../../../queries/engine/query-engine.ts";
import type { Chart } from "../../../queries/engine/saved-queries.ts";
import { cellText, textTable } from "./text-table.ts";
import { cutToWidth } from "./text-width.ts";

/** The separator between the labels of one bar or line. */
const SEPARATOR = " · ";

/** The last character of a bar, by eighths of a column. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** The most lines in a chart, so that they can be compared. The longest are drawn. */
const MAX_LINES = 6;
const LINE_HEIGHT = 8;
/** The width of the axis and its numbers. */
const AXIS_WIDTH = 12;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Draws `answer` as text that ends in a line break: a bar for each row, or a line for each name.
 *
 * A row without a value has no bar and no point. Bars and lines begin at zero. All lines share one scale.
 */
export function chartText(answer: QueryResult, chart: Chart, width: number): string {
  if (answer.rows.length === 0) return "(no rows)\n";
  return chart.kind === "bar" ? bars(answer, chart, width) : lines(answer, chart, width);
}

function bars(answer: QueryResult, { value, labels }: Chart, width: number): string {
  const rows = answer.rows.map((row) => ({ name: nameOf(answer, row, labels), amount: numberOf(answer, row, value) }));
  const most = Math.max(0, ...rows.map(({ amount }) => amount ?? 0));
  const available = Math.floor(width / 3);
  const columns = [labels.join(SEPARATOR), value, ""].map((name) => ({ name, type: "" }));
  return textTable(
    { columns, rows: rows.map(({ name, amount }) => [name, amount ?? null, bar(amount ?? 0, most, available)]) },
    width,
  );
}

function bar(amount: number, most: number, available: number): string {
  const eighths = most > 0 ? Math.round((8 * available * Math.max(0, amount)) / most) : 0;
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

function lines(answer: QueryResult, { value, labels: [across = "", ...names] }: Chart, width: number): string {
  const points = answer.rows.flatMap((row) => {
    const [x, y] = [dayOf(cell(answer, row, across)), numberOf(answer, row, value)];
    return x === undefined || y === undefined
      ? []
      : [{ name: nameOf(answer, row, names), point: [x, y] as [number, number] }];
  });
  if (points.length === 0) return "(no row has a value)\n";
  const series = [...Map.groupBy(points, ({ name }) => name)].sort(([, a], [, b]) => b.length - a.length);
  const most = Math.max(...points.map(({ point: [, y] }) => y));
  const shown = series.slice(0, MAX_LINES).map(([name, entries]) =>
    line(
      name === "" ? value : `${name}: ${value}`,
      entries.map(({ point }) => point),
      most,
      width,
    ),
  );
  const left = series.length - shown.length;
  return [...shown, ...(left > 0 ? [`(${left} more, with fewer days, are not drawn)\n`] : [])].join("\n");
}

function line(title: string, points: [number, number][], most: number, width: number): string {
  const inOrder = points.toSorted(([a], [b]) => a - b);
  const [first = 0, last = 0] = [inOrder[0]?.[0], inOrder.at(-1)?.[0]];
  const text = plot(inOrder, {
    title: cutToWidth(title, width),
    width: Math.max(10, width - AXIS_WIDTH),
    height: LINE_HEIGHT,
    yRange: [0, most > 0 ? most : 1],
    customXAxisTicks: [...new Set([first, Math.round((first + last) / 2), last])],
    formatter: (tick, { axis }) => (axis === "x" ? monthAndDay(tick) : tick),
  });
  return `${text
    .split("\n")
    .map((each) => each.trimEnd())
    .filter((each) => each !== "")
    .join("\n")}\n`;
}

function nameOf(answer: QueryResult, row: readonly Cell[], labels: readonly string[]): string {
  return labels.map((label) => cellText(cell(answer, row, label)) || "–").join(SEPARATOR);
}

function numberOf(answer: QueryResult, row: readonly Cell[], column: string): number | undefined {
  const value = cell(answer, row, column);
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}

function cell({ columns }: QueryResult, row: readonly Cell[], column: string): Cell {
  return row[columns.findIndex(({ name }) => name === column)] ?? null;
}

function dayOf(value: Cell): number | undefined {
  const time = value instanceof Date ? value.getTime() : Date.parse(`${value}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : Math.floor(time / DAY_MS);
}

/** `MM-DD`. */
function monthAndDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(5, 10);
}
