import { isDeepStrictEqual } from "node:util";
import { zstdDecompressSync } from "node:zlib";
import { type FileMetaData, parquetMetadata, parquetReadObjects, type SchemaElement } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { STORED_AS } from "./parquet-schema.ts";
import type { AnyRow, ColumnType, Table } from "./table.ts";

/** A file is not Parquet, is truncated, or belongs to another table. The message has the reason. */
export class UnreadableParquet extends Error {
  override readonly name = "UnreadableParquet";
}

/** The most values in a dictionary for each byte of its column: Snappy expands 3 bytes to 64 at most. */
const MAX_EXPANSION = 64;

/** hyparquet has Snappy itself. The files of `groupedParquet` are in zstd. */
const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) };

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Returns the rows of `table` in a file that `parquetFile` or `groupedParquet` wrote, in their order. The file may be
 * older than a column, or be from a version that omitted empty columns: its rows have null there.
 *
 * @throws UnreadableParquet
 */
export async function rowsIn(table: Table, body: Uint8Array): Promise<AnyRow[]> {
  const file = Uint8Array.from(body).buffer;
  let rows: Record<string, AnyRow[string]>[];
  try {
    const metadata = parquetMetadata(file);
    checkColumns(table, metadata.schema);
    checkPages(file, metadata);
    rows = await parquetReadObjects({ file, metadata, compressors, parsers: { stringFromBytes: textFrom } });
    if (BigInt(rows.length) !== metadata.num_rows) throw new Error(`${rows.length} of ${metadata.num_rows} rows`);
  } catch (error) {
    if (error instanceof UnreadableParquet) throw error;
    throw new UnreadableParquet(`it cannot be read as Parquet: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  const names = Object.keys(table.columns);
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
}

/** Decodes a whole text. hyparquet's own reader drops a U+FEFF (BOM) at the start. */
function textFrom(bytes: Uint8Array | undefined): string | undefined {
  return bytes && UTF8.decode(bytes);
}

function checkColumns(table: Table, schema: readonly SchemaElement[]): void {
  const stored = new Map(schema.slice(1).map((element) => [element.name, element]));
  for (const [name, { type, required }] of Object.entries(table.columns)) {
    const element = stored.get(name);
    if (element === undefined) {
      if (required) throw new UnreadableParquet(`it has no column ${name}, so it is not a file of ${table.name}`);
    } else if (!isStoredAs(type, element)) {
      throw new UnreadableParquet(`its column ${name} is ${element.type} instead of ${type}`);
    }
  }
}

/** Whether a column has the types of `type`. A file of an earlier version has no logical type. */
function isStoredAs(type: ColumnType, element: SchemaElement): boolean {
  const expected = STORED_AS[type];
  const isTyped = element.type === expected.type && element.converted_type === expected.converted_type;
  const { logical_type = expected.logical_type } = element;
  return isTyped && (!expected.logical_type || isDeepStrictEqual(logical_type, expected.logical_type));
}

/**
 * Checks that the pages of each column are inside the file and have one value for each row. hyparquet does not check
 * these numbers: after one flipped bit it may read a thousand million values, or loop for ever.
 */
function checkPages(file: ArrayBuffer, { row_groups }: FileMetaData): void {
  for (const { num_rows, columns } of row_groups) {
    for (const { meta_data: column } of columns) {
      if (!column) throw new Error("a column has no description");
      const start = Number(column.dictionary_page_offset ?? column.data_page_offset);
      const view = new DataView(file, start, Number(column.total_compressed_size));
      if (valuesIn(view) !== Number(num_rows)) throw new Error("a column does not have a value for each row");
    }
  }
}

/** Returns the number of values in the data pages in `view`, according to their headers. */
function valuesIn(view: DataView<ArrayBuffer>): number {
  const reader = { view, offset: 0 };
  let values = 0;
  while (reader.offset < view.byteLength) {
    const page = parquetHeader(reader);
    const { num_values = 0 } = page.data_page_header ?? page.data_page_header_v2 ?? {};
    reader.offset += page.compressed_page_size;
    const isInside = page.compressed_page_size >= 0 && reader.offset <= view.byteLength;
    if (!isInside) throw new Error("a page extends beyond its column");
    if ((page.dictionary_page_header?.num_values ?? 0) > MAX_EXPANSION * view.byteLength)
      throw new Error("a dictionary page states too many values");
    values += num_values;
  }
  return values;
}
