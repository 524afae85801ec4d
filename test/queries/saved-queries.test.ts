import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openDuckdb, openLocalEngine } from "../../queries/engine/local-engine.client.ts";
import { parameterValues } from "../../queries/engine/parameter-values.ts";
import type { QueryEngine } from "../../queries/engine/query-engine.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { folderOfFile } from "../support/fixtures/folder-of-file.ts";
import { writeLive } from "./analytics-folder.ts";
import { type Case, cases, parametersInOrder, plainRows } from "./cases.ts";

const queries = await readSavedQueries();
const every = cases();

const duckdb = await openDuckdb();
afterAll(() => duckdb.closeSync());

/** For each set of tables: a folder with files of these tables only, and its engine. */
const opened = new Map<string, { readonly folder: string; readonly engine?: QueryEngine }>();

/**
 * An engine on a folder with the rows of a case and no others. Cases with rows of the same tables follow one another
 * in one folder, because to open an engine takes as long as to run a query.
 */
async function engineOnRowsOf({ tables }: Case): Promise<QueryEngine> {
  const names = Object.keys(tables).filter((name) => tables[name]?.length);
  const { folder, engine } = opened.get(names.sort().join()) ?? { folder: await folderOfFile("analytics-") };
  await rm(join(folder, "live"), { recursive: true, force: true });
  await writeLive(folder, tables);
  const usable = engine ?? (await openLocalEngine(folder, undefined, duckdb));
  opened.set(names.join(), { folder, engine: usable });
  return usable;
}

describe.each(queries)("$name", (query) => {
  const itsCases = every.filter((one) => one.query === query.name);

  test.each(itsCases)("$shows", async (one) => {
    const engine = await engineOnRowsOf(one);
    const answer = await engine.run(query.sql, parametersInOrder(query, one));
    expect(plainRows(answer)).toEqual(one.expected);
  });

  test("has a case of an empty archive, one of nulls and an ordinary one", () => {
    const shown = itsCases.map(({ shows }) => shows);
    expect(shown).toEqual(expect.arrayContaining(["an empty archive", "nulls"]));
    expect(shown.length).toBeGreaterThan(2);
  });

  test("has a null in each column that it reads, in its case of nulls", () => {
    const statement = query.sql.slice(query.header.length);
    const { tables = {} } = itsCases.find(({ shows }) => shows === "nulls") ?? {};
    for (const { name, columns } of TABLES.filter((table) => query.reads.includes(table.name))) {
      const read = Object.keys(columns).filter((column) => new RegExp(`\\b${column}\\b`).test(statement));
      const nullable = read.filter((column) => column !== "conversation_id");
      const everNull = nullable.filter((column) => tables[name]?.some((row) => row[column] == null));
      expect(everNull).toEqual(nullable);
    }
  });

  test("has a header that fits its SQL: a parameter for each ?, days first, and the tables that it reads", () => {
    const statement = query.sql.slice(query.header.length);
    expect(query.sql.replaceAll(/--.*/g, "").split("?").length - 1).toBe(query.parameters.length);
    expect(query.parameters.slice(0, 2)).toMatchObject([
      { name: "from", type: "date", default: "30 days ago" },
      { name: "to", type: "date", default: "today" },
    ]);
    expect(
      TABLES.map(({ name }) => name).filter((name) => new RegExp(`(from|join) ${name}\\b`).test(statement)),
    ).toEqual(query.reads);
  });

  test("has a ? in where clauses only, as Athena requires", () => {
    const sql = query.sql.replaceAll(/--.*/g, "");
    const places = [...sql.matchAll(/\?/g)].map(({ index }) => sql.slice(0, index));
    const clauses = places.map((before) => before.match(/.*\b(select|from|on|where|group|order)\b/s)?.[1]);
    expect(clauses).toEqual(query.parameters.map(() => "where"));
  });

  test("orders all rows of a result", () => {
    const [, order = ""] = query.sql.match(/\norder by (.+)\n$/) ?? [];
    const columns = order.replaceAll(" desc", "").split(", ");
    for (const { expected } of itsCases) {
      const places = expected.map((row) => JSON.stringify(columns.map((column) => row[column])));
      expect(places).toEqual([...new Set(places)]);
    }
  });

  test("has a chart of columns that it returns", () => {
    const columns = itsCases.flatMap(({ expected }) => expected.slice(0, 1).map((row) => Object.keys(row)))[0];
    if (query.chart) expect(columns).toEqual(expect.arrayContaining([query.chart.value, ...query.chart.labels]));
  });

  test("has a range of thirty days by default", () => {
    const required = query.parameters.filter((parameter) => parameter.default === undefined).map(() => "refund");
    const values = parameterValues(query, required, new Date("2026-11-23T12:00:00Z"));
    expect(values.slice(0, 2)).toEqual(["2026-10-24", "2026-11-23"]);
  });
});

test("every query has cases, and every case has a query", () => {
  expect(new Set(every.map(({ query }) => query))).toEqual(new Set(queries.map(({ name }) => name)));
});
