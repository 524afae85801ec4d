import { execFile } from "node:child_process";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { QueryFailed } from "../../../queries/engine/query-engine.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { parquetFile } from "../../../queries/tables/parquet.ts";
import { type AnyRow, type ColumnType, liveKey, type Table } from "../../../queries/tables/table.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { emptyFolder, engineOn, writeLive, writeRows } from "../analytics-folder.ts";

describe.each(TABLES)("the table $name", (table) => {
  test("is read back as it was written, each column in its type", async () => {
    const folder = await emptyFolder();
    const rows = [fullRow(table), nullRow(table)];
    await writeRows(folder, liveKey(table.name, "2026-11-01", "c1"), table, rows);

    const answer = await (await engineOn(folder)).run(`select * from ${table.name} order by conversation_id`, []);

    expect(answer.columns).toEqual([...expectedColumns(table), { name: "dt", type: "VARCHAR" }]);
    expect(answer.rows).toEqual(rows.map((row) => [...cellsOf(table, row), "2026-11-01"]));
  });

  test("has the same columns without any file", async () => {
    const answer = await (await engineOn(await emptyFolder())).run(`select * from ${table.name}`, []);
    expect(answer).toEqual({ columns: [...expectedColumns(table), { name: "dt", type: "VARCHAR" }], rows: [] });
  });
});

test("a folder that does not exist is an empty archive", async () => {
  const engine = await engineOn(join(await emptyFolder(), "nowhere"));
  expect((await engine.run("select count(*) from turns", [])).rows).toEqual([[0n]]);
});

test("a query succeeds while its file is replaced", async () => {
  const folder = await emptyFolder();
  const path = join(folder, liveKey("turns", "2026-11-01", "c1"));
  const versions = [3, 700].map((count) =>
    parquetFile(
      turns,
      Array.from({ length: count }, (_, turn_index) => ({
        conversation_id: "c1",
        turn_index,
        message: "x".repeat(count),
      })),
    ),
  );
  const replace = async (version: number) => {
    await writeFile(`${path}.new`, versions[version % 2] ?? "");
    await rename(`${path}.new`, path);
  };
  await mkdir(dirname(path), { recursive: true });
  await replace(0);
  const engine = await engineOn(folder);
  let isOver = false;
  const counts: unknown[] = [];
  const querying = (async () => {
    while (!isOver) counts.push((await engine.run("select count(*), max(length(message)) from turns", [])).rows[0]);
  })();
  for (let version = 1; version < 60; version += 1) {
    await replace(version);
    await setTimeout(10);
  }
  isOver = true;
  await querying;
  expect(new Set(counts.map(String))).toEqual(new Set(["3,3", "700,700"]));
});

test("keeps emoji, line breaks, quotes and a text of 100 kB", async () => {
  const folder = await emptyFolder();
  const messages = ["👩‍🚒 Grüße, 東京 ' \" \\ \r\n\t ?", "x".repeat(100_000), ""];
  const rows = messages.map((message, turn_index) => ({ conversation_id: "c1", turn_index, message }));
  await writeRows(folder, liveKey("turns", "2026-11-01", "c1"), turns, rows);
  const answer = await (await engineOn(folder)).run("select message from turns order by turn_index", []);
  expect(answer.rows.flat()).toEqual(messages);
});

test("returns nulls for columns that an older file lacks, and ignores unknown columns", async () => {
  const folder = await emptyFolder();
  const { message: _, ttfb_secs: __, ...older } = turns.columns;
  const foreign = { ...turns.columns, mood: { type: "string", comment: "" } } as const;
  await writeRows(folder, liveKey("turns", "2026-11-01", "c1"), { ...turns, columns: older }, [
    { conversation_id: "c1" },
  ]);
  await writeRows(folder, liveKey("turns", "2026-11-02", "c2"), { ...turns, columns: foreign }, [
    { conversation_id: "c2", message: "hi", ttfb_secs: 0.5, mood: "good" },
  ]);
  const engine = await engineOn(folder);
  const answer = await engine.run("select conversation_id, message, ttfb_secs from turns order by 1", []);
  expect(answer.rows).toEqual([
    ["c1", null, null],
    ["c2", "hi", 0.5],
  ]);
  expect((await engine.run("select * from turns", [])).columns.map(({ name }) => name)).not.toContain("mood");
});

describe("values", () => {
  test.each(["' or 1=1 --", "x'); drop view turns; --", "\\", "%", "?", "$1", "", "👋"])(
    "%j is always a value",
    async (value) => {
      const folder = await emptyFolder();
      await writeLive(folder, {
        turns: [
          { dt: "2026-11-01", conversation_id: "c1", message: value },
          { dt: "2026-11-01", conversation_id: "c2", message: "other" },
        ],
      });
      const engine = await engineOn(folder);
      const answer = await engine.run("select conversation_id from turns where message = ? and dt = ?", [
        value,
        "2026-11-01",
      ]);
      expect(answer.rows).toEqual([["c1"]]);
      expect((await engine.run("select count(*) from turns", [])).rows).toEqual([[2n]]);
    },
  );

  test.each([[[]], [["1", "2"]]])("must have the number of the ? in the SQL, so %j is refused", async (values) => {
    const engine = await engineOn(await emptyFolder());
    await expect(engine.run("select 1 where cast(? as integer) = 1", values)).rejects.toThrow(QueryFailed);
  });
});

test.each([
  "selec 1",
  "select nothing_of_the_kind from turns",
  "select * from no_such_table",
  "select cast('x' as integer)",
  "select 1; select 2",
  "",
])("refuses %j as a failed query", async (sql) => {
  await expect((await engineOn(await emptyFolder())).run(sql, [])).rejects.toThrow(QueryFailed);
});

test("reads a folder whose name has special characters of globs and SQL", async () => {
  const folder = join(await emptyFolder(), "a[bc]*d?'e dt=9");
  await writeLive(folder, { turns: [{ dt: "2026-11-01", conversation_id: "c1" }] });
  const { rows } = await (await engineOn(folder)).run("select conversation_id, dt from turns", []);
  expect(rows).toEqual([["c1", "2026-11-01"]]);
});

test("reads files that were added after it was opened", async () => {
  const folder = await emptyFolder();
  await writeLive(folder, { turns: [{ dt: "2026-11-01", conversation_id: "c1" }] });
  const engine = await engineOn(folder);
  await writeLive(folder, { turns: [{ dt: "2026-11-02", conversation_id: "c2" }] });
  expect((await engine.run("select conversation_id from turns order by 1", [])).rows).toEqual([["c1"], ["c2"]]);
});

test("uses UTC, independent of the machine's time zone", async () => {
  const engine = new URL("../../../queries/engine/local-engine.client.ts", import.meta.url);
  const script = `
    const { openLocalEngine } = await import("${engine}");
    const { rows } = await (await openLocalEngine("nowhere")).run("select current_setting('TimeZone')", []);
    console.log(rows[0][0]);
  `;
  const elsewhere = { env: { TZ: "Pacific/Kiritimati" } };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], elsewhere);
  expect(stdout).toBe("UTC\n");
});

test("does not read from the network", async () => {
  const sql = `select * from "http://127.0.0.1:9/x.parquet"`;
  await expect((await engineOn(await emptyFolder())).run(sql, [])).rejects.toThrow(/requires the extension httpfs/);
});

test("runs no query after it is closed, and may be closed again", async () => {
  const engine = await engineOn(await emptyFolder());
  engine.close();
  await expect(engine.run("select 1", [])).rejects.toThrow(QueryFailed);
});

const DUCKDB_TYPE: Record<ColumnType, string> = {
  string: "VARCHAR",
  boolean: "BOOLEAN",
  int: "INTEGER",
  bigint: "BIGINT",
  double: "DOUBLE",
  timestamp: "TIMESTAMP",
};

const SAMPLE: Record<ColumnType, AnyRow[string]> = {
  string: "a text",
  boolean: false,
  int: -2_147_483_648,
  bigint: 9_007_199_254_740_993n,
  double: 0.1,
  timestamp: new Date("2026-03-29T01:30:00.123Z"),
};

function expectedColumns(table: Table) {
  return Object.entries(table.columns).map(([name, { type }]) => ({ name, type: DUCKDB_TYPE[type] }));
}

function fullRow(table: Table): AnyRow {
  return Object.fromEntries(Object.entries(table.columns).map(([name, { type }]) => [name, SAMPLE[type]]));
}

function nullRow(table: Table): AnyRow {
  return Object.fromEntries(Object.entries(table.columns).map(([name, { required }]) => [name, required ? "z" : null]));
}

function cellsOf(table: Table, row: AnyRow) {
  return Object.keys(table.columns).map((name) => row[name] ?? null);
}
