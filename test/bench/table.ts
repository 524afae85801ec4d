import { namedTable } from "../../infrastructure/commands/toolkit/text-table.ts";
import { type BenchRow, ratioToFloor, rounded, spreadPercent } from "./measurement.ts";

const COLUMNS = ["measurement", "unit", "ours", "alternative", "floor", "times the floor", "spread", "runs"];

/** The cells of a row, in the order of the columns. An empty cell was not measured. */
function cellsOf(row: BenchRow): readonly (string | number | null)[] {
  const ratio = ratioToFloor(row);
  return [
    row.name,
    row.unit,
    row.ours.median,
    row.alternative?.median ?? null,
    row.floor?.median ?? null,
    ratio === undefined ? null : rounded(ratio),
    `${spreadPercent(row)} %`,
    row.ours.runs,
  ];
}

/** The rows as a table for a terminal. */
export function terminalTable(rows: readonly BenchRow[]): string {
  return namedTable(COLUMNS, rows.map(cellsOf));
}

/** The rows as a table in Markdown, aligned as the other tables of the pages. */
export function markdownTable(rows: readonly BenchRow[]): string {
  return alignedTable(
    COLUMNS,
    rows.map((row) => cellsOf(row).map((cell) => (cell === null ? "–" : String(cell)))),
    new Set(["ours", "alternative", "floor", "times the floor", "spread", "runs"]),
  );
}

/** A table in Markdown whose columns are aligned also in its text; those named in `right` to the right. */
export function alignedTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<string>,
): string {
  const widths = columns.map((name, n) => Math.max(name.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const isRight = (n: number) => right.has(columns[n] ?? "");
  const padded = (text: string, n: number) =>
    isRight(n) ? text.padStart(widths[n] ?? 0) : text.padEnd(widths[n] ?? 0);
  const rule = widths.map((width, n) => (isRight(n) ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [columns.map(padded), rule, ...rows.map((row) => row.map(padded))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
