/** Trino's names for DuckDB's types. DuckDB's sum of whole numbers is wider. */
export const TRINO_TYPE: Readonly<Record<string, string>> = {
  VARCHAR: "varchar",
  BOOLEAN: "boolean",
  INTEGER: "integer",
  BIGINT: "bigint",
  HUGEINT: "bigint",
  DOUBLE: "double",
  TIMESTAMP: "timestamp",
  DATE: "date",
};
