import type { SchemaElement } from "hyparquet";
import type { ColumnType, Table } from "./table.ts";

/**
 * Parquet's types for each type of column.
 *
 * The logical type of a timestamp makes it UTC in each reader. With the converted type alone, polars and DuckDB read a
 * local time without a zone (polars 2.1, DuckDB 1.5 and 2.0, 2026-11-30). Readers that are older than logical types use
 * the converted type (parquet-format, LogicalTypes.md, 2026-11).
 */
export const STORED_AS: Record<ColumnType, Pick<SchemaElement, "type" | "converted_type" | "logical_type">> = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  boolean: { type: "BOOLEAN" },
  int: { type: "INT32" },
  bigint: { type: "INT64" },
  double: { type: "DOUBLE" },
  timestamp: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
};

/** The schema of every file of `table`: all its columns in their order, whatever the rows. */
export function parquetSchema({ columns }: Table): SchemaElement[] {
  const elements = Object.entries(columns).map(
    ([name, { type, required }]): SchemaElement => ({
      name,
      repetition_type: required ? "REQUIRED" : "OPTIONAL",
      ...STORED_AS[type],
    }),
  );
  return [{ name: "root", num_children: elements.length }, ...elements];
}
