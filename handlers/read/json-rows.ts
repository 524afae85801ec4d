import type { Cell, QueryResult } from "../../queries/engine/query-engine.ts";
import type { AnyRow, Table } from "../../queries/tables/table.ts";

/** A value in a response. Times are ISO 8601 in UTC. */
export type JsonCell = string | number | boolean | null;
export type JsonRow = Readonly<Record<string, JsonCell>>;

/** A value of a row as JSON. An integer that JSON's numbers cannot hold exactly is a text. */
export function jsonCell(cell: Cell | undefined): JsonCell {
  if (cell === undefined) return null;
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString();
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : null;
  if (typeof cell !== "bigint") return cell;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}

/** The columns of a result, with Athena's names for their types, on every engine. */
export function jsonColumns({ columns }: Pick<QueryResult, "columns">): { name: string; type: string }[] {
  const names: Readonly<Record<string, string>> = { hugeint: "bigint" };
  return columns.map(({ name, type }) => {
    const base = type.replace(/\(.*/s, "").toLowerCase();
    return { name, type: names[base] ?? base };
  });
}

/** The rows of a result by column, without the columns in `hidden`. */
export function jsonRows({ columns, rows }: QueryResult, hidden: readonly string[] = []): JsonRow[] {
  const shown = columns.flatMap(({ name }, index) => (hidden.includes(name) ? [] : [{ name, index }]));
  return rows.map((row) => Object.fromEntries(shown.map(({ name, index }) => [name, jsonCell(row[index])])));
}

/** A row of a table as JSON, with every column: one without a value is null. */
export function jsonRow(row: AnyRow, { columns }: Pick<Table, "columns">): JsonRow {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, jsonCell(row[name])]));
}
