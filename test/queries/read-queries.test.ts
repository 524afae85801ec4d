import { describe, expect, test } from "vitest";
import { readApiQueries } from "../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { conversations } from "../../queries/tables/conversations.ts";
import { emptyFolder, engineOn, writeLive } from "./analytics-folder.ts";
import { cases, parametersInOrder, plainRows } from "./cases.ts";

const queries = await readApiQueries();
const every = cases("read-cases");

describe.each(queries)("$name of the read API", (query) => {
  const itsCases = every.filter((one) => one.query === query.name);

  test.each(itsCases)("$shows", async (one) => {
    const folder = await emptyFolder();
    await writeLive(folder, one.tables);
    const answer = await (await engineOn(folder)).run(query.sql, parametersInOrder(query, one));
    expect(plainRows(answer)).toEqual(one.expected);
  });

  test("has a case of an empty archive, one of nulls and an ordinary one", () => {
    const shown = itsCases.map(({ shows }) => shows);
    expect(shown).toEqual(expect.arrayContaining(["an empty archive", "nulls"]));
    expect(shown.length).toBeGreaterThan(2);
  });

  test("has a header that fits its SQL: a parameter for each ?, in where clauses only, and the tables that it reads", () => {
    const sql = query.sql.replaceAll(/--.*/g, "");
    const places = [...sql.matchAll(/\?/g)].map(({ index }) => sql.slice(0, index));
    const clauses = places.map((before) => before.match(/.*\b(select|from|on|where|group|order)\b/s)?.[1]);
    expect(clauses).toEqual(query.parameters.map(() => "where"));
    const read = TABLES.map(({ name }) => name).filter((name) => new RegExp(`(from|join) ${name}\\b`).test(sql));
    expect(query.reads.toSorted()).toEqual(read.toSorted());
  });
});

test("every query of the read API has cases, and every case has a query", () => {
  expect(new Set(every.map(({ query }) => query))).toEqual(new Set(queries.map(({ name }) => name)));
});

test("the list of calls has every column of its table", () => {
  const calls = every.find(({ query, shows }) => query === "calls" && shows === "nulls");
  const columns = Object.keys(calls?.expected[0] ?? {});
  expect(columns).toEqual(["dt", ...Object.keys(conversations.columns), "sort_value", "position"]);
});
