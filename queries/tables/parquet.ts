import { zstdCompressSync } from "node:zlib";
import { type BasicType, ByteWriter, ParquetWriter, parquetWriteBuffer, schemaFromColumnData } from "hyparquet-writer";
import type { AnyRow, ColumnType, Table } from "./table.ts";

const PARQUET_TYPE: Record<ColumnType, BasicType> = {
  string: "STRING",
  boolean: "BOOLEAN",
  int: "INT32",
  bigint: "INT64",
  double: "DOUBLE",
  timestamp: "TIMESTAMP",
};

const CREATED_BY = "call-archive";

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
  const columnData = columnsOf(table, rows).filter(
    ({ nullable, data }) => !nullable || data.some((value) => value !== null),
  );
  return Buffer.from(parquetWriteBuffer({ columnData, statistics: false, createdBy: CREATED_BY }));
}

/** A Parquet file that is written a group of rows at a time. */
export interface GroupedParquet {
  /** Adds a row group. What it held is compressed when it returns. */
  add(rows: readonly AnyRow[]): void;
  /** The whole file; of no rows, if none were added. */
  finish(): Buffer;
}

/**
 * A Parquet file of a closed day, for readers that want a little of it: by the statistics of what rows are sorted by
 * they leave out groups. Where rows are not sorted by their conversation, a Bloom filter says which groups lack it.
 *
 * Compressed by zstd, which DuckDB and Trino read, and which makes it a third smaller than Snappy does. Groups are
 * small enough to be a page for each column, so there is no index of pages (docs/decisions).
 *
 * Every column of `table` is in it. The same groups of the same rows give the same bytes.
 */
export function groupedParquet(table: Table): GroupedParquet {
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columnsOf(table, []) }),
    codec: "ZSTD",
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    createdBy: CREATED_BY,
  });
  return {
    add(rows) {
      const sortedBy = table.sortedBy ?? CONVERSATION;
      const columnData = columnsOf(table, rows).map((column) => ({
        ...column,
        statistics: column.name === sortedBy,
        bloomFilter: column.name === CONVERSATION && sortedBy !== CONVERSATION,
      }));
      // A writer into memory writes at once: there is nothing to wait for.
      void file.write({ columnData, rowGroupSize: Math.max(1, rows.length) });
    },
    finish() {
      void file.finish();
      return Buffer.from(writer.getBuffer());
    },
  };
}

/** What readers look for. */
const CONVERSATION = "conversation_id";

function columnsOf(table: Table, rows: readonly AnyRow[]) {
  return Object.entries(table.columns).map(([name, { type, required }]) => ({
    name,
    data: rows.map((row) => row[name] ?? null),
    type: PARQUET_TYPE[type],
    nullable: !required,
  }));
}
