import { stripVTControlCharacters } from "node:util";
import type { Cell, QueryResult } from "../../../queries/engine/query-engine.ts";
import { cutToWidth, textWidth, wrappedToWidth } from "./text-width.ts";

const GAP = "  ";

/** Prose is wrapped down to this many columns before anything is cut. */
const NARROW_PROSE = 30;

/** A column of text is never cut below this width. */
const NARROWEST = 8;

/** The layout of a column's cells. Prose has several words, and may be wrapped. */
type ColumnStyle = "number" | "name" | "prose";

/**
 * Formats `answer` as an aligned table for people, with the number of rows at the end.
 *
 * Numbers are aligned right, an empty cell is a null, times are UTC. Line breaks and control characters, including
 * those of writing direction, become a space or are left out, so that a message cannot disturb the terminal. With a
 * `width`, prose is wrapped, and then the widest columns of text are cut until the lines fit, if that is possible.
 */
export function textTable(answer: QueryResult, width = Number.POSITIVE_INFINITY): string {
  const cells = answer.rows.map((row) => row.map(cellText));
  const styles = answer.columns.map((_, index) => columnStyle(answer.rows.map((row) => row[index] ?? null)));
  const wanted = answer.columns.map(({ name }, index) =>
    cells.reduce((widest, row) => Math.max(widest, textWidth(row[index] ?? "")), textWidth(name)),
  );
  const widths = fitted(wanted, styles, width - GAP.length * (wanted.length - 1));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => padded(text, widths[index] ?? 0, styles[index] === "number"))
      .join(GAP)
      .trimEnd();
  const lines = (row: readonly string[]): string[] => {
    const wrapped = row.map((text, index) =>
      styles[index] === "prose" ? wrappedToWidth(text, widths[index] ?? 0) : [text],
    );
    const height = Math.max(...wrapped.map(({ length }) => length));
    return Array.from({ length: height }, (_, n) => line(wrapped.map((parts) => parts[n] ?? "")));
  };

  return [
    line(answer.columns.map(({ name }) => name)),
    widths.map((columns) => "-".repeat(columns)).join(GAP),
    ...cells.flatMap(lines),
    closing(cells.length),
    "",
  ].join("\n");
}

/** Formats rows under these column names, as `textTable` does. */
export function namedTable(names: readonly string[], rows: readonly (readonly Cell[])[], width?: number): string {
  return textTable({ columns: names.map((name) => ({ name, type: "" })), rows }, width);
}

function columnStyle(column: readonly Cell[]): ColumnStyle {
  if (column.some((cell) => typeof cell === "number" || typeof cell === "bigint")) return "number";
  return column.some((cell) => typeof cell === "string" && /\S\s+\S/.test(cell)) ? "prose" : "name";
}

function closing(rows: number): string {
  if (rows === 0) return "(no rows)";
  return rows === 1 ? "1 row" : `${rows} rows`;
}

/** Formats a value for people: one line, without characters that could disturb a terminal. A null is empty. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (cell instanceof Date) return cell.toISOString().replace("T", " ").replace(".000", "");
  const text = stripVTControlCharacters(String(cell)).replace(/\s+/g, " ");
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "");
}

function padded(text: string, width: number, atTheRight: boolean): string {
  const cut = cutToWidth(text, width);
  const padding = " ".repeat(width - textWidth(cut));
  return atTheRight ? padding + cut : cut + padding;
}

/** Reduces `wanted` widths until they fit in `available`: first prose, then the widest text, never numbers. */
function fitted(wanted: readonly number[], styles: readonly ColumnStyle[], available: number): number[] {
  const widths = [...wanted];
  const excess = () => widths.reduce((sum, width) => sum + width, 0) - available;
  narrow(widths, (index) => styles[index] === "prose", NARROW_PROSE, excess);
  narrow(widths, (index) => styles[index] !== "number", NARROWEST, excess);
  return widths;
}

/**
 * Narrows the widest shrinkable columns, one character at a time, until nothing is in excess or all are `narrowest`.
 */
function narrow(
  widths: number[],
  canShrink: (index: number) => boolean,
  narrowest: number,
  excess: () => number,
): void {
  while (excess() > 0) {
    const widest = Math.max(...widths.filter((_, index) => canShrink(index)));
    if (!(widest > narrowest)) return;
    widths[widths.findIndex((width, index) => width === widest && canShrink(index))] = widest - 1;
  }
}
