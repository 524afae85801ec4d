import fc from "fast-check";
import { expect, test } from "vitest";
import { TABLES } from "../../queries/tables/all.ts";
import { oneGroupParquet } from "../../queries/tables/one-group-parquet.ts";
import { anyParquet, parquetFile } from "../../queries/tables/parquet.ts";
import { rowsIn } from "../../queries/tables/read-parquet.ts";
import type { AnyRow, ColumnType, Table } from "../../queries/tables/table.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";

const TEXTS: Table = {
  name: "texts",
  grain: "one row per text",
  columns: { id: { type: "string", comment: "", required: true }, text: { type: "string", comment: "" } },
};
const EACH_TYPE: Table = {
  name: "each_type",
  grain: "one row per value",
  columns: {
    id: { type: "string", comment: "", required: true },
    string: { type: "string", comment: "" },
    boolean: { type: "boolean", comment: "" },
    int: { type: "int", comment: "" },
    bigint: { type: "bigint", comment: "" },
    double: { type: "double", comment: "" },
    timestamp: { type: "timestamp", comment: "" },
  },
};

/** Values of each type: with those at its limits, and with some that repeat, so that a dictionary is worth it. */
const VALUES: Record<ColumnType, fc.Arbitrary<AnyRow[string]>> = {
  string: fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), fc.constantFrom("", "again and again", "\ud800", "ß")),
  boolean: fc.boolean(),
  int: fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(7, -(2 ** 31), 2 ** 31 - 1)),
  bigint: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(7n, -(2n ** 63n), 2n ** 63n - 1n),
  ),
  double: fc.oneof(fc.double(), fc.constantFrom(0.5, -0, Number.NaN, Number.POSITIVE_INFINITY)),
  timestamp: fc.oneof(fc.date({ noInvalidDate: true }), fc.constant(new Date(0))),
};

function aRow({ columns }: Table): fc.Arbitrary<AnyRow> {
  const cells = Object.entries(columns).map(([name, { type, required }]) => {
    const value = VALUES[type];
    return [name, required ? value : fc.option(value, { freq: 3 })] as const;
  });
  return fc.record(Object.fromEntries(cells));
}

test.each([...TABLES, EACH_TYPE])("files of $name are those of hyparquet-writer, byte for byte", (table) => {
  // Columns of many rows have runs, and one of few repeated values has a dictionary.
  const few = fc.array(aRow(table), { minLength: 1, maxLength: 5 });
  const many = fc.tuple(few, fc.integer({ min: 1, max: 60 })).map(([rows, times]) => Array(times).fill(rows).flat());
  fc.assert(
    fc.property(fc.oneof(few, many), (rows: AnyRow[]) => {
      expect(oneGroupParquet(table, rows)?.equals(anyParquet(table, rows))).toBe(true);
    }),
    runs(60),
  );
});

test("a file with the most rows and text of one group is made here, and one with more by hyparquet-writer", async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `${n}`, text: `word ${n % 50}` }));
  const long = (length: number) => [{ id: "1", text: "a".repeat(length) }, ...rows(1)];
  for (const within of [rows(1000), long(1024 * 1024 - 7)]) {
    expect(oneGroupParquet(TEXTS, within)?.equals(anyParquet(TEXTS, within))).toBe(true);
  }
  for (const beyond of [[], rows(1001), long(1024 * 1024 - 6)]) {
    expect(oneGroupParquet(TEXTS, beyond)).toBeUndefined();
    expect(await rowsIn(TEXTS, parquetFile(TEXTS, beyond))).toEqual(beyond);
  }
});

test("a value that does not fit its column is an error", () => {
  const wrong: AnyRow[] = [
    { id: null },
    { id: "1", boolean: 1 },
    { id: "1", int: 2 ** 31 },
    { id: "1", int: 0.5 },
    { id: "1", bigint: 2n ** 63n },
    { id: "1", double: "1" },
    { id: "1", timestamp: new Date(Number.NaN) },
  ];
  for (const row of wrong) expect(() => parquetFile(EACH_TYPE, [row]), JSON.stringify(Object.keys(row))).toThrow();
});
