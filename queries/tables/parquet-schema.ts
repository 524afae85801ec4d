import type { SchemaElement } from "hyparquet";
import type { ColumnType, Table } from "./table.ts";

/**
 * Parquet's types for each type of column. Readers choose their own type by them: pyarrow, pandas, polars and DuckDB
 * read a timestamp with this logical type as UTC, and one with only the converted type as local time without a zone
 * (pyarrow 26.0, pandas 3.1, polars 2.1, DuckDB 1.5.6, 2026-11-30). Readers from before logical types use the converted
 * type (parquet-format, LogicalTypes.md, 2026-11).
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
