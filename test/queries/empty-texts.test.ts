import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../queries/tables/all.ts";
import {
  emptyFolder,
  engineOn,
  type JsonRow,
  liveObjects,
  type Tables,
  tableNamed,
  writeLive,
  writeObject,
} from "./analytics-folder.ts";
import { cases, parametersInOrder, plainRows } from "./cases.ts";

/** Columns in which an empty text cannot occur or is another value than null, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  message: "an entry with an empty text is a silence; an entry without one carries a tool",
  kind: "the archive writes it",
  source: "the archive writes it",
  recording_absence: "the archive writes it",
  json_type: "the archive writes it",
  value_type: "the archive writes it",
  place: "the archive writes it",
  raw_key: "the key of an object",
  audio_key: "the key of an object",
  field: "the key of a row",
  name: "the key of a row",
  criteria_id: "the key of a row",
  request_id: "the key of a row",
};

const queries = await readSavedQueries();
const every = cases();

/** The case of nulls, and the one with the most rows: together they have nulls and texts in most columns. */
function samplesOf(name: string) {
  const its = every.filter(({ query }) => query === name);
  const longest = its.toSorted((one, other) => sizeOf(other.tables) - sizeOf(one.tables)).slice(0, 1);
  return [...its.filter(({ shows }) => shows === "nulls"), ...longest];
}

function sizeOf(tables: Tables): number {
  return JSON.stringify(tables).length;
}

/** The same rows, with `from` replaced by `to` in each column of text that is not an exception. */
function replaced(tables: Tables, from: null | "", to: null | ""): Tables {
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, rows.map((row) => replacedIn(name, row, from, to))]),
  );
}

function replacedIn(name: string, row: JsonRow, from: null | "", to: null | ""): JsonRow {
  const columns = Object.entries(tableNamed(name).columns).filter(
    ([column, { type, required }]) => type === "string" && !required && EXCEPTIONS[column] === undefined,
  );
  const texts = columns.filter(([column]) => (row[column] ?? null) === from).map(([column]) => [column, to]);
  return { ...row, ...Object.fromEntries(texts) };
}

/** Each query's samples with other empty values than in the case, if that changes a row. */
const variants = queries.flatMap((query) =>
  samplesOf(query.name).flatMap((one) => [
    { query, one, name: "empty texts for nulls", tables: replaced(one.tables, null, "") },
    { query, one, name: "nulls for empty texts", tables: replaced(one.tables, "", null) },
  ]),
);

test("every query treats an empty text like null", async () => {
  const folder = await emptyFolder();
  // An engine finds the files of a table only if the table has one when it is opened.
  for (const { name } of TABLES) await writeLive(folder, { [name]: [{ dt: "2000-01-01", conversation_id: "other" }] });
  const engine = await engineOn(folder);
  const answers: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const { query, one, name, tables } of variants) {
    if (isDeepStrictEqual(tables, one.tables)) continue;
    const objects = liveObjects(tables);
    for (const { key, body } of objects) await writeObject(folder, key, body);
    const title = `${query.name}, ${one.shows}: ${name}`;
    answers[title] = plainRows(await engine.run(query.sql, parametersInOrder(query, one)));
    expected[title] = one.expected;
    for (const { key } of objects) await rm(join(folder, key));
  }
  expect(Object.keys(answers).length).toBeGreaterThan(queries.length);
  expect(answers).toEqual(expected);
});
