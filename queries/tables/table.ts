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

/**
 * The second partition column of live objects: the UTC hour of the call's start, `00` to `23`. A query over the running
 * day skips by it the hours that are packed.
 */
export const HOUR = { name: "hr", type: "string", comment: "UTC hour of the call's start, 00 to 23" } as const;

/** The second partition column of packed hours: the number of a pack, which is written once and never replaced. */
export const PACK = { name: "pack", type: "int", comment: "The number of a pack of one hour" } as const;

/**
 * The three sides of a table, with the same columns: `days` has few objects per closed day, `hours` has one per packed
 * hour of an open day, `live` has one per call.
 */
export const SIDES = ["days", "hours", "live"] as const;
export type Side = (typeof SIDES)[number];

/** `{side}/{table}/dt=YYYY-MM-DD/`: the prefix of the objects of one day. */
export function dayFolder(table: string, side: Side, day: string): string {
  return `${side}/${table}/${PARTITION.name}=${day}/`;
}

/** `live/{table}/dt=YYYY-MM-DD/hr=HH/`: the prefix of the live objects of one hour. */
export function hourFolder(table: string, hour: string): string {
  const [day = "", ofDay] = hour.split("/");
  return `${dayFolder(table, "live", day)}${ofDay === undefined ? "" : `${HOUR.name}=${ofDay}/`}`;
}

/**
 * `live/{table}/dt=YYYY-MM-DD/hr=HH/{name}.parquet`: one conversation's rows of one table. `hour` is `YYYY-MM-DD/HH`.
 * Before 2026-12 there were only days: the key of such an object has no hour, and its `hour` is `YYYY-MM-DD`.
 *
 * A name that begins with an underscore gets a tilde in front. No other name has a tilde. Trino, and so Athena, treats
 * a file whose name begins with an underscore as hidden, and does not read it (tried on Trino 476, 2026-11-25).
 */
export function liveKey(table: string, hour: string, name: string): string {
  return `${hourFolder(table, hour)}${name.replace(/^_/, "~_")}.parquet`;
}

/** The name from which `liveKey` made a key. */
export function nameInLiveKey(key: string): string {
  return key
    .slice(key.lastIndexOf("/") + 1)
    .replace(/\.parquet$/, "")
    .replace(/^~_/, "_");
}

/** The hour from which `liveKey` made a key: `YYYY-MM-DD/HH`, or `YYYY-MM-DD`. */
export function hourInLiveKey(key: string): string {
  const [, day = "", ofDay] = /\/dt=([^/]+)\/(?:hr=([^/]+)\/)?[^/]*$/.exec(key) ?? [];
  return ofDay === undefined ? day : `${day}/${ofDay}`;
}

/** `hours/{table}/dt=YYYY-MM-DD/pack=N/part-00.parquet`: the rows of one hour. */
export function packKey(table: string, day: string, pack: number): string {
  return `${dayFolder(table, "hours", day)}${PACK.name}=${pack}/part-00.parquet`;
}

/** `days/{table}/dt=YYYY-MM-DD/part-NN.parquet`: one shard of a closed day. */
export function partKey(table: string, day: string, shard: number): string {
  return `${dayFolder(table, "days", day)}part-${String(shard).padStart(2, "0")}.parquet`;
}
