import { type BasicType, parquetWriteBuffer } from "hyparquet-writer";
import type { AnyRow, ColumnType, Table } from "./table.ts";

const PARQUET_TYPE: Record<ColumnType, BasicType> = {
  string: "STRING",
  boolean: "BOOLEAN",
  int: "INT32",
  bigint: "INT64",
  double: "DOUBLE",
  timestamp: "TIMESTAMP",
};

/**
 * `rows` of `table` as one Parquet file (Snappy; timestamps in milliseconds, UTC).
 *
 * A column in which no row has a value is left out: every reader finds nulls there, as in a file that is older
 * than the column. In a file of one conversation most of the bytes say what columns there are.
 *
 * The same rows give the same bytes: nothing of the clock or the machine goes in. Without column
 * statistics, which cost a quarter of a file that holds one conversation and that no reader needs there.
 */
export function parquetFile(table: Table, rows: readonly AnyRow[]): Buffer {
  const columnData = Object.entries(table.columns)
    .map(([name, { type, required }]) => ({
      name,
      data: rows.map((row) => row[name] ?? null),
      type: PARQUET_TYPE[type],
      nullable: !required,
    }))
    .filter(({ nullable, data }) => !nullable || data.some((value) => value !== null));
  return Buffer.from(parquetWriteBuffer({ columnData, statistics: false, createdBy: "call-archive" }));
}
