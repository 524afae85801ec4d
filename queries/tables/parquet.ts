import { zstdCompressSync } from "node:zlib";
import { ByteWriter, ParquetWriter, parquetWriteBuffer } from "hyparquet-writer";
import { parquetSchema } from "./parquet-schema.ts";
import type { AnyRow, Table } from "./table.ts";

const CREATED_BY = "call-archive";

/**
 * `rows` of `table` as one Parquet file (Snappy; timestamps in milliseconds, UTC).
 *
 * The file has every column of `table`, also those without any value. So the files of a folder have one schema, and
 * readers that take it from the first file read all of them as one table.
 *
 * The same rows give the same bytes, independent of the clock and the machine. The file has no column statistics: they
 * take a quarter of a file of one conversation, and no reader needs them there.
 */
export function parquetFile(table: Table, rows: readonly AnyRow[]): Buffer {
  const schema = parquetSchema(table);
  const columnData = columnsOf(table, rows);
  return Buffer.from(parquetWriteBuffer({ schema, columnData, statistics: false, createdBy: CREATED_BY }));
}

/** A Parquet file that is written one group of rows at a time. */
export interface GroupedParquet {
  /** Adds a row group, and compresses it before it returns. */
  add(rows: readonly AnyRow[]): void;
  /** Returns the whole file. It has no rows if none were added. */
  finish(): Buffer;
}

/**
 * A Parquet file of a closed day, for readers that need a small part of it. Readers skip groups by the statistics of
 * the column that rows are sorted by. If rows are not sorted by conversation, readers skip groups by a Bloom filter.
 *
 * The codec is zstd, which DuckDB and Trino read. It makes the file a third smaller than Snappy. Groups are so small
 * that each column has one page, so there is no page index (docs/decisions).
 *
 * The file has every column of `table`. The same groups of the same rows give the same bytes.
 */
export function groupedParquet(table: Table): GroupedParquet {
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: parquetSchema(table),
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
      // A writer into memory is synchronous.
      void file.write({ columnData, rowGroupSize: Math.max(1, rows.length) });
    },
    finish() {
      void file.finish();
      return Buffer.from(writer.getBuffer());
    },
  };
}

/** The column that readers search. */
const CONVERSATION = "conversation_id";

function columnsOf({ columns }: Table, rows: readonly AnyRow[]) {
  return Object.keys(columns).map((name) => ({ name, data: rows.map((row) => row[name] ?? null) }));
}
