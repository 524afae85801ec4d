import type { ParquetType } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { type ByteSink, putByte, putBytes, putUint32, putVarint } from "./byte-sink.ts";
import { CREATED_BY, parquetSchema } from "./parquet-schema.ts";
import type { Table } from "./table.ts";
import { I32, I64, LIST, putField, putInt, putListHeader, putLong, STOP, STRUCT, TEXT } from "./thrift.ts";

/** Numbers of Parquet's enumerations (parquet-format, parquet.thrift, 2026-11). */
const PHYSICAL: Partial<Record<ParquetType, number>> = { BOOLEAN: 0, INT32: 1, INT64: 2, DOUBLE: 5, BYTE_ARRAY: 6 };
const SNAPPY = 1;

/** One column in a file. If its values do not begin with its pages, a dictionary is before them. */
export interface Chunk {
  readonly name: string;
  readonly type: ParquetType | undefined;
  readonly encodings: readonly number[];
  readonly offset: number;
  readonly pageOffset: number;
  readonly bytes: number;
  /** Its bytes without compression. */
  readonly plainBytes: number;
}

/** The first and the last four bytes of each Parquet file. */
export const MAGIC = Buffer.from("PAR1");

/** Adds the end of a file of `table` with one group of rows, after its columns. */
export function putFooter(sink: ByteSink, table: Table, chunks: readonly Chunk[], rows: number): void {
  const { beforeRows, afterRows } = frameOf(table);
  const start = sink.length;
  putBytes(sink, beforeRows);
  putGroup(sink, chunks, rows, start - MAGIC.length);
  putBytes(sink, afterRows);
  putUint32(sink, sink.length - start);
  putBytes(sink, MAGIC);
}

/** Adds the description of all columns. */
function putGroup(sink: ByteSink, chunks: readonly Chunk[], rows: number, bytes: number): void {
  putLong(sink, 1, rows);
  putField(sink, 1, LIST);
  putListHeader(sink, 1, STRUCT);
  putField(sink, 1, LIST);
  putListHeader(sink, chunks.length, STRUCT);
  for (const chunk of chunks) putChunk(sink, chunk, rows);
  putLong(
    sink,
    1,
    chunks.reduce((sum, { plainBytes }) => sum + plainBytes, 0),
  );
  putLong(sink, 1, rows);
  putLong(sink, 3, bytes);
  putByte(sink, STOP);
}

function putChunk(
  sink: ByteSink,
  { name, type, encodings, offset, pageOffset, bytes, plainBytes }: Chunk,
  rows: number,
): void {
  putLong(sink, 2, offset);
  putField(sink, 1, STRUCT);
  putInt(sink, 1, (type && PHYSICAL[type]) ?? 0);
  putField(sink, 1, LIST);
  putListHeader(sink, encodings.length, I32);
  for (const encoding of encodings) putVarint(sink, 2 * encoding);
  putField(sink, 1, LIST);
  putListHeader(sink, 1, TEXT);
  putVarint(sink, Buffer.byteLength(name));
  putBytes(sink, Buffer.from(name));
  putInt(sink, 1, SNAPPY);
  for (const value of [rows, plainBytes, bytes]) putLong(sink, 1, value);
  putLong(sink, 2, pageOffset);
  if (pageOffset > offset) putLong(sink, 2, offset);
  putByte(sink, STOP);
  putByte(sink, STOP);
}

/** The footer of each file of a table before and after its rows. hyparquet-writer makes it, once for each table. */
interface Frame {
  readonly beforeRows: Buffer;
  readonly afterRows: Buffer;
}

const frames = new WeakMap<Table, Frame>();

function frameOf(table: Table): Frame {
  const frame = frames.get(table) ?? newFrame(table);
  frames.set(table, frame);
  return frame;
}

/** Cuts the frame from a file without rows. */
function newFrame(table: Table): Frame {
  const writer = new ByteWriter();
  void new ParquetWriter({ writer, schema: parquetSchema(table), createdBy: CREATED_BY }).finish();
  const whole = Buffer.from(writer.getBuffer());
  // No rows (field 3), no groups (field 4), and the name of the writer (field 6).
  const noRows = Buffer.from([(1 << 4) | I64, 0, (1 << 4) | LIST, 0]);
  const name = Buffer.from([(2 << 4) | TEXT, CREATED_BY.length, ...Buffer.from(CREATED_BY)]);
  const rowsAt = whole.lastIndexOf(Buffer.concat([noRows, name]));
  return {
    beforeRows: whole.subarray(MAGIC.length, rowsAt),
    afterRows: whole.subarray(rowsAt + noRows.length, -2 * MAGIC.length),
  };
}
