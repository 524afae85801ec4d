import { ByteWriter } from "hyparquet-writer";
import { useDictionary } from "hyparquet-writer/src/dictionary.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { byteSink, bytesIn, putByte, putBytes, putUint32, putVarint } from "./byte-sink.ts";
import { type Chunk, MAGIC, putFooter } from "./parquet-footer.ts";
import { STORED_AS } from "./parquet-schema.ts";
import { type PlainColumn, plainColumn, putPlain } from "./plain-values.ts";
import type { AnyRow, Table } from "./table.ts";
import { putField, putInt, STOP, STRUCT } from "./thrift.ts";

/** More rows get several groups (the default of hyparquet-writer). */
const MOST_ROWS = 1000;

/** Numbers of Parquet's enumerations (parquet-format, parquet.thrift, 2026-11). */
const ENCODING = { plain: 0, rle: 3, dictionary: 8 };
const PAGE = { dictionary: 2, data: 3 };

/** The sinks of every file: making one is synchronous. */
const [file, page, levels] = [byteSink(), byteSink(), byteSink()];

/**
 * `rows` of `table` as a Parquet file with one group of rows and one page in each column: the same bytes as those of
 * hyparquet-writer without statistics, in a fraction of its time. A file of a few rows is mostly the headers of its
 * many columns.
 *
 * `undefined` if the file needs more groups or pages, or if a value does not fit its column: then hyparquet-writer
 * makes the file or throws.
 */
export function oneGroupParquet(table: Table, rows: readonly AnyRow[]): Buffer | undefined {
  if (rows.length === 0 || rows.length > MOST_ROWS) return undefined;
  const columns = Object.entries(table.columns).map(([name, column]) => plainColumn(name, column, rows));
  if (columns.includes(undefined)) return undefined;
  file.length = 0;
  putBytes(file, MAGIC);
  const chunks = columns.flatMap((column) => (column ? [putColumn(column)] : []));
  putFooter(file, table, chunks, rows.length);
  return Buffer.from(bytesIn(file));
}

/** Adds the pages of a column: its dictionary, if one saves space, and its values. */
function putColumn(column: PlainColumn): Chunk {
  const { name, is, stored, present } = column;
  const { type } = STORED_AS[is];
  const offset = file.length;
  // Two equal values are the least that a dictionary shortens.
  const { dictionary, indexes } =
    type && present.length > 1 ? useDictionary([...stored], type, undefined, undefined) : NONE;
  levels.length = 0;
  let plainBytes = 0;
  if (dictionary) {
    page.length = 0;
    putPlain(page, is, dictionary);
    // Field 7: the number of values and their encoding.
    plainBytes += putPage(PAGE.dictionary, 7, [dictionary.length, ENCODING.plain]);
  }
  const pageOffset = file.length;
  const isPresent = stored.map((value) => (value === null ? 0 : 1));
  if (!column.isRequired) putRuns(levels, isPresent, 1);
  page.length = 0;
  const encoding = putValues(column, indexes);
  // Field 8: the number of values, of nulls and of rows, the encoding, and the lengths of both kinds of levels.
  const details = [stored.length, stored.length - present.length, stored.length, encoding, levels.length, 0];
  plainBytes += putPage(PAGE.data, 8, details);
  const encodings = dictionary ? [ENCODING.plain, encoding] : [encoding];
  return { name, type, encodings, offset, pageOffset, bytes: file.length - offset, plainBytes };
}

/** Adds the values of a column to `page`, or their places in its dictionary. Returns their encoding. */
function putValues({ is, stored, present }: PlainColumn, indexes: number[] | undefined): number {
  if (indexes) {
    putIndexes(indexes.filter((index) => index !== undefined));
    return ENCODING.dictionary;
  }
  if (is === "boolean" && stored.length > 16) {
    putBooleanRuns(present.map(Number));
    return ENCODING.rle;
  }
  putPlain(page, is, present);
  return ENCODING.plain;
}

const NONE: ReturnType<typeof useDictionary> = {};

/** Adds the page in `page`, after `levels`, with its header. Returns its size without compression. */
function putPage(kind: number, detailsField: number, details: readonly number[]): number {
  const plain = bytesIn(page);
  const compressed = plain.length < LEAST_COMPRESSED ? asLiteral(plain) : snappyCompress(plain);
  const start = file.length;
  for (const value of [kind, levels.length + plain.length, levels.length + compressed.length]) putInt(file, 1, value);
  putField(file, detailsField - 3, STRUCT);
  for (const value of details) putInt(file, 1, value);
  putByte(file, STOP);
  putByte(file, STOP);
  const headerBytes = file.length - start;
  putBytes(file, bytesIn(levels));
  putBytes(file, compressed);
  return headerBytes + levels.length + plain.length;
}

/** Snappy does not look for repetitions in fewer bytes (snappy-js and hyparquet-writer, INPUT_MARGIN). */
const LEAST_COMPRESSED = 15;

/** Few bytes in Snappy's format: their number, and the bytes as one literal. */
function asLiteral(plain: Buffer): Buffer {
  const { length } = plain;
  return length === 0 ? NOTHING : Buffer.concat([Buffer.from([length, (length - 1) << 2]), plain]);
}

const NOTHING = Buffer.from([0]);

/** Adds the places of the values in the dictionary. */
function putIndexes(indexes: number[]): void {
  const bits = Math.ceil(Math.log2(Math.max(...indexes) + 1));
  putByte(page, bits);
  putRuns(page, indexes, bits);
}

function putBooleanRuns(values: number[]): void {
  const start = page.length;
  putUint32(page, 0);
  putRuns(page, values, 1);
  page.bytes.writeUInt32LE(page.length - start - 4, start);
}

/** Adds small numbers of `bits` bits, with equal ones as one run. */
function putRuns(sink: typeof page, values: number[], bits: number): void {
  const [first = 0] = values;
  if (values.length < 8 || !values.every((value) => value === first)) {
    runs.offset = 0;
    runs.index = 0;
    writeRleBitPackedHybrid(runs, values, bits);
    putBytes(sink, runs.getBytes());
    return;
  }
  putVarint(sink, 2 * values.length);
  for (let shift = 0; shift < bits; shift += 8) putByte(sink, (first >> shift) & 0xff);
}

const runs = new ByteWriter();
