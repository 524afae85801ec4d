/** The type of a column. `parquet.ts` and the views have the name of each type in their engine. */
export type ColumnType = "string" | "boolean" | "int" | "bigint" | "double" | "timestamp";

/** One column: its type, its meaning, and whether it has a value in every row. */
export interface Column {
  readonly type: ColumnType;
  readonly comment: string;
  readonly required?: true;
}

/** The description of a table. The row type, Parquet schema, Glue tables, views and docs are derived from it. */
export interface Table<Columns extends Record<string, Column> = Record<string, Column>> {
  readonly name: string;
  /** The meaning of one row. */
  readonly grain: string;
  /** The column of times or numbers by which rows of a closed day are sorted; by default `conversation_id`. */
  readonly sortedBy?: string;
  readonly columns: Columns;
}

interface Value {
  string: string;
  boolean: boolean;
  int: number;
  bigint: bigint;
  double: number;
  timestamp: Date;
}

/** The TypeScript type of a row of `T`: it has every column, and `null` for unknown values. */
export type Row<T extends Table> = {
  [Name in keyof T["columns"]]: T["columns"][Name] extends { required: true }
    ? Value[T["columns"][Name]["type"]]
    : Value[T["columns"][Name]["type"]] | null;
};

/** A row of any table, for code that only passes rows on. */
export type AnyRow = Record<string, Value[ColumnType] | null>;

/**
 * The partition column of every table: the UTC date of the call's start as `YYYY-MM-DD`.
 *
 * It is a string, as AWS documents for date projection; ISO dates compare correctly as text. It is in the object's key
 * and not in the file.
 */
export const PARTITION = { name: "dt", type: "string", comment: "UTC date of the call's start, YYYY-MM-DD" } as const;

/** The earliest date of any row, and the first date that the tables project. */
export const FIRST_DAY = "2023-01-01";

/** The two sides of a table, with the same columns. `days` has few objects per day, `live` has one per call. */
export const SIDES = ["days", "live"] as const;
export type Side = (typeof SIDES)[number];

/** `{side}/{table}/dt=YYYY-MM-DD/`: the prefix of the objects of one day. */
export function dayFolder(table: string, side: Side, day: string): string {
  return `${side}/${table}/${PARTITION.name}=${day}/`;
}

/**
 * `live/{table}/dt=YYYY-MM-DD/{name}.parquet`: one conversation's rows of one table.
 *
 * A name that begins with an underscore gets a tilde in front. No other name has a tilde. Trino, and so Athena, treats
 * a file whose name begins with an underscore as hidden, and does not read it (tried on Trino 476, 2026-11-25).
 */
export function liveKey(table: string, day: string, name: string): string {
  return `${dayFolder(table, "live", day)}${name.replace(/^_/, "~_")}.parquet`;
}

/** The name from which `liveKey` made a key. */
export function nameInLiveKey(key: string): string {
  return key
    .slice(key.lastIndexOf("/") + 1)
    .replace(/\.parquet$/, "")
    .replace(/^~_/, "_");
}

/** `days/{table}/dt=YYYY-MM-DD/part-NN.parquet`: one shard of a closed day. */
export function partKey(table: string, day: string, shard: number): string {
  return `${dayFolder(table, "days", day)}part-${String(shard).padStart(2, "0")}.parquet`;
}
