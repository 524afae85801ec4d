import { afterAll, describe, expect, test } from "vitest";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { type Cell, QueryFailed } from "../../../queries/engine/query-engine.ts";
import { duckdbSql } from "../../../queries/engine/translate.ts";

const engine = await openLocalEngine("nowhere");
afterAll(() => engine.close());

/** The expected results follow Trino's documentation, and were written by hand. */
const SAME: [what: string, athena: string, answer: Cell][] = [
  ["integer division", "7 / 2", 3],
  ["integer division rounds towards zero", "-7 / 2", -3],
  ["counts are integers", "count(*) / 2", 0n],
  ["division of a double", "7e0 / 2", 3.5],
  ["a division by null is null", "100e0 * 1 / nullif(0, 0)", null],
  ["the remainder has the sign of the dividend", "-7 % 2", -1],
  [
    "date_diff counts complete units",
    "date_diff('day', timestamp '2026-01-01 23:00', timestamp '2026-01-02 01:00')",
    0n,
  ],
  ["date_diff in months", "date_diff('month', date '2026-01-31', date '2026-03-01')", 1n],
  ["date_add", "cast(date_add('day', -30, date '2026-03-01') as varchar)", "2026-01-30"],
  [
    "date_add of a month keeps the hour",
    "date_add('month', 1, timestamp '2026-01-31 10:00:00')",
    new Date("2026-02-28T10:00:00Z"),
  ],
  [
    "date_add within date_add",
    "cast(date_add('week', 1, date_add('quarter', -1, date '2026-05-01')) as varchar)",
    "2026-02-08",
  ],
  ["an interval of hours", "timestamp '2026-01-01 23:00:00' + interval '2' hour", new Date("2026-01-02T01:00:00Z")],
  ["an interval", "cast(date '2026-03-01' - interval '30' day as varchar)", "2026-01-30"],
  ["today as text", "length(cast(current_date - interval '30' day as varchar))", 10n],
  ["a date as text", "cast(date '2026-03-01' as varchar)", "2026-03-01"],
  ["regexp_like finds anywhere", "regexp_like('call 42', '\\d+')", true],
  ["regexp_replace replaces all", "regexp_replace('a  b  c', ' +', '-')", "a-b-c"],
  ["regexp_replace replaces all within strpos, too", "strpos(regexp_replace('a  b  c', ' +', '-'), 'b-c')", 3n],
  ["the number of matches", "regexp_count('a1b22', '[0-9]+')", 2n],
  ["no text has no number of matches", "regexp_count(cast(null as varchar), '[0-9]+')", null],
  ["strpos counts from 1", "strpos('a_b', '_')", 2n],
  ["strpos without a match", "strpos('ab', '%')", 0n],
  ["lower handles more than ASCII", "lower('ÄÉ')", "äé"],
  ["an array as text", "array_join(array['a', 'b'], ', ')", "a, b"],
  ["an array of nulls as text", "array_join(array[cast(null as varchar)], ', ')", ""],
  ["no array as text", "array_join(cast(null as array(varchar)), ', ')", null],
  ["is distinct from", "cast(null as varchar) is distinct from 'x'", true],
  ["a moment in UTC", "date '2026-03-01' at time zone 'UTC'", new Date("2026-03-01T00:00:00Z")],
];

const OF_SEVEN: [what: string, athena: string, answer: Cell][] = [
  ["count with a filter", "count(*) filter (where n > 5)", 2n],
  ["an array in an order", "array_join(array_agg(cast(n as varchar) order by n desc), '')", "7654321"],
  ["the first of an array", "array_agg(n order by n desc)[1]", 7],
  ["nulls come last in an array, too", "array_agg(n order by nullif(n, 7) desc)[1]", 6],
  ["max_by", "max_by(n * 10, n)", 70],
  ["max_by returns the null of the greatest", "max_by(nullif(n, 7), n)", null],
  ["max_by skips rows with a null to compare", "max_by(n, nullif(n, 7))", 6],
  ["max with a filter", "max(n) filter (where n < 3)", 2],
];

describe("returns on DuckDB the same as on Athena", () => {
  test.each(SAME)("%s: %s", async (_, athena, answer) => {
    expect((await engine.run(`select ${athena} as answer`, [])).rows).toEqual([[answer]]);
  });

  test.each(OF_SEVEN)("%s: %s", async (_, athena, answer) => {
    const sql = `select ${athena} as answer from unnest(array[3, 1, 2, 7, 6, 5, 4]) as numbers(n)`;
    expect((await engine.run(sql, [])).rows).toEqual([[answer]]);
  });

  test.each([
    ["millisecond", "2024-02-29T10:00:00.002Z"],
    ["second", "2024-02-29T10:00:02Z"],
    ["MINUTE", "2024-02-29T10:02:00Z"],
    ["hour", "2024-02-29T12:00:00Z"],
    ["day", "2024-03-02T10:00:00Z"],
    ["week", "2024-03-14T10:00:00Z"],
    ["month", "2024-04-29T10:00:00Z"],
    ["quarter", "2024-08-29T10:00:00Z"],
    ["year", "2026-02-28T10:00:00Z"],
  ])("date_add of two of the unit %s", async (unit, moment) => {
    const sql = `select date_add('${unit}', 2, timestamp '2024-02-29 10:00:00')`;
    expect((await engine.run(sql, [])).rows).toEqual([[new Date(moment)]]);
  });

  test("nulls come last in both directions", async () => {
    const sql = (direction: string) =>
      `select n from (values (1), (cast(null as integer)), (2)) as t(n) order by n ${direction}`;
    expect((await engine.run(sql("asc"), [])).rows.flat()).toEqual([1, 2, null]);
    expect((await engine.run(sql("desc"), [])).rows.flat()).toEqual([2, 1, null]);
  });

  test("a cell that JavaScript has no type for is text, and a date is YYYY-MM-DD", async () => {
    const sql =
      "select date '2026-03-01', cast(1.5 as decimal(10, 2)), array[1, 2], timestamp '2026-03-01 10:00:00.125'";
    expect((await engine.run(sql, [])).rows).toEqual([
      ["2026-03-01", "1.50", "[1, 2]", new Date("2026-03-01T10:00:00.125Z")],
    ]);
  });
});

test.each([
  ["a unit that Trino lacks", "date_add('decade', 1, date '2026-03-01')", "does not support the unit decade"],
  ["a filter on a macro", "array_join(array['a'], ', ') filter (where true)", "Macro Function"],
  ["distinct in a macro", "array_join(distinct array['a'], ', ')", "Macro Function"],
])("refuses %s", async (_, athena, message) => {
  await expect(engine.run(`select ${athena}`, [])).rejects.toThrow(message);
});

test("keeps each ? in its place, and ignores a ? in comments and texts", () => {
  const sql = "-- Which? And '\nselect '?' as a /* ? */ from t where b = ? and c between ? and cast(? as integer)";
  const translated = duckdbSql(sql)
    .replaceAll(/\/\*.*?\*\//g, "")
    .replace("'?'", "");
  expect(translated.split("?")).toHaveLength(4);
});

test("returns the line of a mistake in SQL", () => {
  expect(() => duckdbSql("select 1\nfrom from")).toThrow(QueryFailed);
  expect(() => duckdbSql("select 1\nfrom from")).toThrow(/line 2/);
});

test.each([
  ["select 1; select 2", /there are 2/],
  ["", /there are 0/],
])("refuses anything but one statement: %j", (sql, message) => {
  expect(() => duckdbSql(sql)).toThrow(message);
});
