import type { QueryResult } from "../../queries/engine/query-engine.ts";
import { jsonCell } from "./json-rows.ts";

/** The first characters with which a spreadsheet reads a cell as a formula (owasp.org, CSV Injection, 2026-11). */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * The rows as CSV (RFC 4180), with a header line. A null is an empty field.
 *
 * A text that a spreadsheet would execute begins with an apostrophe. Numbers stay numbers.
 */
export function csvOf({ columns, rows }: QueryResult): string {
  const lines = [
    columns.map(({ name }) => field(name)),
    ...rows.map((row) => columns.map((_, index) => field(jsonCell(row[index])))),
  ];
  return lines.map((fields) => `${fields.join(",")}\r\n`).join("");
}

function field(cell: string | number | boolean | null): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  return csvText(FORMULA.test(cell) ? `'${cell}` : cell);
}

/** A text as a field of CSV (RFC 4180). An empty one is `""`, because an empty field is a null. */
export function csvText(text: string): string {
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
