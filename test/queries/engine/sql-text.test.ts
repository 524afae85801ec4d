import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, onTestFinished, test } from "vitest";
import { athenaViewSql } from "../../../queries/tables/athena-view.ts";
import { conditionOf, DIRTY_FOLDER, STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { sqlLiteral, sqlName } from "../../../queries/tables/sql-text.ts";
import { liveKey, partKey } from "../../../queries/tables/table.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { emptyFolder, engineOn, writeObject, writeRows } from "../analytics-folder.ts";

/** Texts that would end a literal or a name, and begin another statement. */
const HOSTILE = [
  "'",
  "''",
  "' or '1'='1",
  "2026-11-01'); drop view turns; --",
  '"; drop view turns; --',
  "\\' or 1=1 --",
  "/* ' */ \n; --",
  "it's ?",
  "Ünïcode ’ ʼ ＇",
  "",
];

test.each(HOSTILE)("a literal of %j has exactly that text", async (text) => {
  const engine = await engineOn(await emptyFolder());
  const answer = await engine.run(`select ${sqlLiteral(text)} as said, 1 as one`, []);
  expect(answer.rows).toEqual([[text, 1]]);
  expect((await engine.run("select count(*) from turns", [])).rows).toEqual([[0n]]);
});

// Without the translation, which fails on a doubled quote at the start of a name (@polyglot-sql/sdk 0.12.1).
test.each(HOSTILE.filter((text) => text !== ""))("a column named %j is one column", async (text) => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  onTestFinished(() => connection.closeSync());
  const sql = `select ${sqlName("one")}, ${sqlName(text)} from (select 1 as one, 2 as ${sqlName(text)})`;
  const answer = await connection.runAndReadAll(sql);
  expect(answer.columnNames()).toEqual(["one", text]);
  expect(answer.getRows()).toEqual([[1, 2]]);
});

test("a plain name is not quoted, and any other is", () => {
  expect(["turns", "turns_live", "dt", "a1"].map(sqlName)).toEqual(["turns", "turns_live", "dt", "a1"]);
  expect(["Turns", "1a", "_a", "a b", 'a"b', ""].map(sqlName)).toEqual([
    '"Turns"',
    '"1a"',
    '"_a"',
    '"a b"',
    '"a""b"',
    '""',
  ]);
});

test.each(HOSTILE)("a day named %j filters only itself", (day) => {
  const closed = { firstLiveDay: day, changed: [day, "2026-11-02"], packs: {} };
  const literal = `'${day.replaceAll("'", "''")}'`;
  expect(conditionOf("days", closed)).toBe(`dt < ${literal} and dt not in (${literal}, '2026-11-02')`);
  expect(conditionOf("live", closed)).toBe(`dt >= ${literal} or dt in (${literal}, '2026-11-02')`);
  expect(athenaViewSql(turns, closed)).toContain(`where dt < ${literal} and`);
});

test("a folder of dirty markers with a quote in its name changes no result", async () => {
  const folder = await emptyFolder();
  await writeRows(folder, liveKey("turns", "2026-11-01", "c1"), turns, [{ conversation_id: "c1", message: "live" }]);
  await writeRows(folder, partKey("turns", "2026-11-01", 0), turns, [{ conversation_id: "c1", message: "closed" }]);
  await writeObject(folder, STATE_KEY, Buffer.from('{"first_live_day":"2026-11-04"}'));
  for (const name of ["' or true or '1'='", "2026-11-09'); drop view turns; --"])
    await writeObject(folder, `${DIRTY_FOLDER}${name}/c1.a-marker`, Buffer.alloc(0));
  expect((await (await engineOn(folder)).run("select message from turns", [])).rows).toEqual([["closed"]]);
});

test.each(["it's here", "a'); drop view turns; --", "one [a-z]* ? {a,b}", 'said "so"', "100 % -- ; #"])(
  "the folder of an archive may be named %j",
  async (name) => {
    const folder = join(await emptyFolder(), name);
    await mkdir(folder);
    await writeRows(folder, liveKey("turns", "2026-11-01", "c1"), turns, [{ conversation_id: "c1", message: "hello" }]);
    expect((await (await engineOn(folder)).run("select dt, message from turns", [])).rows).toEqual([
      ["2026-11-01", "hello"],
    ]);
  },
);
