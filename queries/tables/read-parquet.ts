import { parquetMetadata, parquetReadObjects, type SchemaElement } from "hyparquet";
import type { AnyRow, ColumnType, Table } from "./table.ts";

/** A file that is not Parquet, not whole, or not of the table that it should be of. The message says which. */
export class UnreadableParquet extends Error {
  override readonly name = "UnreadableParquet";
}

/** How Parquet stores what a column holds. */
const STORED_AS: Record<ColumnType, Pick<SchemaElement, "type" | "converted_type">> = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  boolean: { type: "BOOLEAN" },
  int: { type: "INT32" },
  bigint: { type: "INT64" },
  double: { type: "DOUBLE" },
  timestamp: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
};

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The rows of `table` in a file that `parquetFile` wrote, in their order; null where the file lacks a column.
 *
 * @throws UnreadableParquet
 */
export async function rowsIn(table: Table, body: Uint8Array): Promise<AnyRow[]> {
  const file = Uint8Array.from(body).buffer;
  let rows: Record<string, AnyRow[string]>[];
  try {
    const metadata = parquetMetadata(file);
    checkColumns(table, metadata.schema);
    rows = await parquetReadObjects({ file, metadata, parsers: { stringFromBytes: textFrom } });
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

/** Every letter of a text: hyparquet's own reader takes a U+FEFF at its start for a byte order mark, and drops it. */
function textFrom(bytes: Uint8Array | undefined): string | undefined {
  return bytes && UTF8.decode(bytes);
}

function checkColumns(table: Table, schema: readonly SchemaElement[]): void {
  const stored = new Map(schema.slice(1).map((element) => [element.name, element]));
  for (const [name, { type, required }] of Object.entries(table.columns)) {
    const element = stored.get(name);
    const expected = STORED_AS[type];
    if (element === undefined) {
      if (required) throw new UnreadableParquet(`it has no column ${name}: it is no file of ${table.name}`);
    } else if (element.type !== expected.type || element.converted_type !== expected.converted_type) {
      throw new UnreadableParquet(`its column ${name} is ${element.type}, and not ${type}`);
    }
  }
}
