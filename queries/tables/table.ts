/** What a column holds. Each engine's own name for it is that engine's business: see `parquet.ts` and the views. */
export type ColumnType = "string" | "boolean" | "int" | "bigint" | "double" | "timestamp";

/** One column: its type, what it means, and whether every row has it. */
export interface Column {
  readonly type: ColumnType;
  readonly comment: string;
  readonly required?: true;
}

/** A table, described once. Row type, Parquet schema, Glue tables, views and documents all come from this. */
export interface Table<Columns extends Record<string, Column> = Record<string, Column>> {
  readonly name: string;
  /** What one row stands for. */
  readonly grain: string;
  /** A column of times or numbers that the rows of a closed day are in order of; else they are of their conversation. */
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

/** A row of `T` as TypeScript sees it: every column named, `null` where the call does not say. */
export type Row<T extends Table> = {
  [Name in keyof T["columns"]]: T["columns"][Name] extends { required: true }
    ? Value[T["columns"][Name]["type"]]
    : Value[T["columns"][Name]["type"]] | null;
};

/** Any row of any table, for code that only carries rows. */
export type AnyRow = Record<string, Value[ColumnType] | null>;

/**
 * The partition column of every table: the UTC date of the call's start as `YYYY-MM-DD`.
 *
 * A string, as AWS documents it for date projection; ISO dates compare correctly as text. It is in the
 * object's key and not in the file.
 */
export const PARTITION = { name: "dt", type: "string", comment: "UTC date of the call's start, YYYY-MM-DD" } as const;

/** The first date any row can fall on, and the first that the tables project. */
export const FIRST_DAY = "2023-01-01";

/** The two sides of a table, which hold the same columns: closed days in few objects, and one object per call. */
export const SIDES = ["days", "live"] as const;
export type Side = (typeof SIDES)[number];

/** `{side}/{table}/dt=YYYY-MM-DD/`: where the objects of one day lie. */
export function dayFolder(table: string, side: Side, day: string): string {
  return `${side}/${table}/${PARTITION.name}=${day}/`;
}

/**
 * `live/{table}/dt=YYYY-MM-DD/{name}.parquet`: one conversation's rows of one table.
 *
 * A name that begins with an underscore gets a tilde before it, which no name has: Trino, and so Athena, takes a file
 * of such a name for hidden and does not read it (tried on Trino 476, 2026-11-25).
 */
export function liveKey(table: string, day: string, name: string): string {
  return `${dayFolder(table, "live", day)}${name.replace(/^_/, "~_")}.parquet`;
}

/** The name that a live object's key was made of. */
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
