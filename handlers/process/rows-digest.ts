import { parquetFile } from "../../queries/tables/parquet.ts";
import type { AnyRow, ColumnType, Table } from "../../queries/tables/table.ts";
import { sha256 } from "../call/digest.ts";

/**
 * Identifies the rows of a conversation in `table` together with the live object that was written from them, whose
 * SHA-256 is `fileSha256`. The index has it, so that `verify` can compare rows and file without writing the file again.
 *
 * It is the same only for the same rows, the same file, the same columns and the same writer of Parquet.
 */
export function rowsDigest(table: Table, rows: readonly AnyRow[], fileSha256: string): string {
  const names = Object.keys(table.columns);
  const values = rows.map((row) => names.map((name) => jsonValue(row[name] ?? null)));
  return sha256(Buffer.from(JSON.stringify([formatOf(table), values, fileSha256])));
}

/** A value in each column. */
const SAMPLE: Readonly<Record<ColumnType, AnyRow[string]>> = {
  string: "text",
  boolean: true,
  int: 1,
  bigint: 1n,
  double: 0.5,
  timestamp: new Date(0),
};

const formats = new Map<Table, string>();

/** The hash of a sample file of `table`: another writer, or other columns, give another one. */
function formatOf(table: Table): string {
  const known = formats.get(table);
  if (known !== undefined) return known;
  const columns = Object.entries(table.columns);
  const sample = Object.fromEntries(columns.map(([name, { type }]) => [name, SAMPLE[type]]));
  const format = sha256(parquetFile(table, [sample]));
  formats.set(table, format);
  return format;
}

function jsonValue(value: AnyRow[string]): string | number | boolean | Date | null {
  return typeof value === "bigint" ? String(value) : value;
}
