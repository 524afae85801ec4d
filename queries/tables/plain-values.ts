import { type ByteSink, putByte, putDouble, putInt32, putInt64, putText } from "./byte-sink.ts";
import type { AnyRow, Column, ColumnType } from "./table.ts";

/** The values of one column as Parquet stores them, the absent ones included. A time is a number of milliseconds. */
export interface PlainColumn {
  readonly name: string;
  readonly is: ColumnType;
  readonly isRequired: boolean;
  readonly stored: readonly (PlainValue | null)[];
  /** The values that are there. */
  readonly present: readonly PlainValue[];
}

type PlainValue = string | boolean | number | bigint;

/** A column with more text gets several pages (the default of hyparquet-writer). */
const MOST_TEXT = 1024 * 1024;

const MOST_INT = 2 ** 31;
const MOST_BIGINT = 2n ** 63n;

/** The column `name` of `rows`; `undefined` if it is no single page of such values. */
export function plainColumn(name: string, column: Column, rows: readonly AnyRow[]): PlainColumn | undefined {
  const { type, required = false } = column;
  const stored: (PlainValue | null)[] = [];
  const present: PlainValue[] = [];
  let text = 0;
  for (const row of rows) {
    const value = plainValue(type, row[name] ?? null);
    if (value === undefined) return undefined;
    stored.push(value);
    if (value === null) continue;
    if (typeof value === "string") text += value.length;
    present.push(value);
  }
  if (text >= MOST_TEXT || (required && present.length < rows.length)) return undefined;
  return { name, is: type, isRequired: required, stored, present };
}

/** `undefined` for a value of another type, or one that does not fit. */
function plainValue(type: ColumnType, value: AnyRow[string]): PlainValue | null | undefined {
  if (value === null) return null;
  if (type === "timestamp") {
    const ms = value instanceof Date ? value.getTime() : Number.NaN;
    return Number.isNaN(ms) ? undefined : BigInt(ms);
  }
  return value instanceof Date || !FITS[type](value) ? undefined : value;
}

const FITS: Record<Exclude<ColumnType, "timestamp">, (value: PlainValue) => boolean> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  int: (value) => typeof value === "number" && Number.isInteger(value) && value >= -MOST_INT && value < MOST_INT,
  bigint: (value) => typeof value === "bigint" && value >= -MOST_BIGINT && value < MOST_BIGINT,
  double: (value) => typeof value === "number",
};

/** Adds values in Parquet's encoding PLAIN. */
export function putPlain(sink: ByteSink, type: ColumnType, values: readonly PlainValue[]): void {
  if (type === "boolean") putBits(sink, values);
  for (const value of values) {
    if (typeof value === "string") putText(sink, value);
    else if (typeof value === "bigint") putInt64(sink, value);
    else if (typeof value === "number") (type === "int" ? putInt32 : putDouble)(sink, value);
  }
}

function putBits(sink: ByteSink, values: readonly PlainValue[]): void {
  for (let first = 0; first < values.length; first += 8) {
    const bits = values.slice(first, first + 8).map((value, bit) => (value === true ? 1 << bit : 0));
    putByte(
      sink,
      bits.reduce((sum, bit) => sum | bit, 0),
    );
  }
}
