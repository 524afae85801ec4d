import { beforeAll, expect, test } from "vitest";
import { TABLES } from "../../queries/tables/all.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import {
  type AnyRow,
  type ColumnType,
  liveKey,
  packKey,
  partKey,
  SIDES,
  type Side,
  type Table,
} from "../../queries/tables/table.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { describeTrino, fill, TRINO } from "./trino.ts";
import { trinoEngine } from "./trino-engine.ts";

/** Extreme values for each type of column; the last is null. */
const EXTREMES: Readonly<Record<ColumnType, readonly AnyRow[string][]>> = {
  string: ["", "Grüße 👩‍👩‍👧 \u0000 'quoted' \n", "long ".repeat(20_000), null],
  boolean: [true, false, true, null],
  int: [2 ** 31 - 1, -(2 ** 31), 0, null],
  bigint: [2n ** 63n - 1n, -(2n ** 63n), 0n, null],
  double: [0.1, -1.7976931348623157e308, 5e-324, null],
  timestamp: [
    new Date("2023-12-31T23:59:59.999Z"),
    new Date("2024-01-01T00:00:00.000Z"),
    new Date("2026-03-29T01:30:00.001Z"),
    null,
  ],
};

/** The last and first days of years, a leap day, and an ordinary day. */
const DAYS = ["2023-12-31", "2024-01-01", "2024-02-29", "2026-11-20"];

/** The key of an object of each side. */
const KEY: Readonly<Record<Side, (table: string, day: string) => string>> = {
  days: (table, day) => partKey(table, day, 0),
  hours: (table, day) => packKey(table, day, 1),
  live: (table, day) => liveKey(table, `${day}/23`, "x"),
};

/** The second partition of that object. Without it Trino would list every hour or pack. */
const AND_SECOND: Readonly<Record<Side, string>> = { days: "", hours: "and pack = 1", live: "and hr = '23'" };

const ON_THOSE_DAYS = `dt in (${DAYS.map((day) => `'${day}'`).join(", ")})`;

describeTrino("Trino reads the values that were written", () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url);
  });

  const sides = TABLES.flatMap((table) => SIDES.map((side) => ({ table, side, name: `${table.name}_${side}` })));

  test.each(sides)("in every column of $name", async ({ table, side, name }) => {
    const rows = DAYS.map((day, index) => ({ day, row: extremeRow(table, index) }));
    await fill(
      tables.bucket,
      rows.map(({ day, row }) => ({
        key: KEY[side](table.name, day),
        body: parquetFile(table, [row]),
      })),
    );
    const columns = Object.keys(table.columns);
    const read = await trinoEngine(tables.place).run(
      `select ${columns.join(", ")}, dt from ${name} where ${ON_THOSE_DAYS} ${AND_SECOND[side]} order by dt`,
      [],
    );
    expect(read.rows).toEqual(rows.map(({ day, row }) => [...columns.map((column) => row[column]), day]));
  });
});

function extremeRow(table: Table, index: number): AnyRow {
  return Object.fromEntries(
    Object.entries(table.columns).map(([name, { type, required }]) => [
      name,
      required ? `conv_${index}` : (EXTREMES[type][index] ?? null),
    ]),
  );
}
