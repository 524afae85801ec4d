import { sqlLiteral, sqlName } from "../../queries/tables/sql-text.ts";
import { type ColumnType, PARTITION, type Table } from "../../queries/tables/table.ts";
import type { JsonRow } from "../queries/analytics-folder.ts";

const TRINO_TYPE: Readonly<Record<ColumnType, string>> = {
  string: "varchar",
  boolean: "boolean",
  int: "integer",
  bigint: "bigint",
  double: "double",
  timestamp: "timestamp(3)",
};

/** A statement for a view `name` with `rows`: it has every column of `table` in its type, and the day. */
export function viewOfRows(name: string, table: Table, rows: readonly JsonRow[]): string {
  const columns = Object.entries({ ...table.columns, [PARTITION.name]: PARTITION });
  const names = columns.map(([column]) => sqlName(column));
  const cast = columns.map(([, { type }], n) => `cast(${names[n]} as ${TRINO_TYPE[type]}) as ${names[n]}`);
  const values = rows.map((row) => `(${columns.map(([column, { type }]) => literal(type, row[column])).join(", ")})`);
  const empty = `(${columns.map(() => "null").join(", ")})`;
  return [
    `create or replace view ${sqlName(name)} as`,
    `select ${cast.join(", ")}`,
    `from (values ${rows.length > 0 ? values.join(", ") : empty}) as cells (${names.join(", ")})`,
    ...(rows.length > 0 ? [] : ["where false"]),
  ].join("\n");
}

/** A cell as text or null, so that all cells of a column have one type before the cast. */
function literal(type: ColumnType, cell: JsonRow[string] | undefined): string {
  if (cell === null || cell === undefined) return "null";
  const isTime = type === "timestamp" && typeof cell === "string";
  return sqlLiteral(isTime ? new Date(cell).toISOString().replace("T", " ").replace("Z", "") : String(cell));
}
