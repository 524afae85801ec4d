import { csvText } from "../../../handlers/read/csv.ts";
import { jsonRows } from "../../../handlers/read/json-rows.ts";
import type { Cell, QueryResult } from "../../../queries/engine/query-engine.ts";
import type { Terminal } from "./terminal.ts";
import { textTable } from "./text-table.ts";

export const FORMATS = ["table", "json", "csv"] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Returns the printer of notes: standard output beside a table, else standard error, so that programs read only data.
 */
export function notePrinter(
  format: string,
  { printLine, printNote }: Pick<Terminal, "printLine" | "printNote">,
): Terminal["printLine"] {
  return format === "table" ? printLine : printNote;
}

/** Formats `answer` as text that ends in a line break. Only a table is cut to `width`. */
export function present(answer: QueryResult, format: Format, width?: number): string {
  switch (format) {
    case "table":
      return textTable(answer, width);
    case "json":
      return json(answer);
    case "csv":
      return csv(answer);
  }
}

/** Formats rows under these column names, as `present` does. */
export function presentRows(
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
  format: Format,
  width?: number,
): string {
  return present({ columns: names.map((name) => ({ name, type: "" })), rows }, format, width);
}

/**
 * An array with one object per row.
 *
 * Times are ISO 8601 in UTC. A `bigint` is a number where JSON's numbers hold it exactly, else a string.
 */
function json(answer: QueryResult): string {
  return `${JSON.stringify(jsonRows(answer), null, 2)}\n`;
}

/** RFC 4180, with a header line. A null is an empty field, an empty text is `""`. */
function csv(answer: QueryResult): string {
  const lines = [answer.columns.map(({ name }) => csvField(name)), ...answer.rows.map((row) => row.map(csvField))];
  return lines.map((fields) => `${fields.join(",")}\r\n`).join("");
}

function csvField(cell: Cell): string {
  if (cell === null) return "";
  return csvText(cell instanceof Date ? cell.toISOString() : String(cell));
}
