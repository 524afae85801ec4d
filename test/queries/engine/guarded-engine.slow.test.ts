import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, test } from "vitest";
import { type GuardedEngine, openGuardedEngine } from "../../../queries/engine/guarded-engine.client.ts";
import { OWN_SQL_LIMITS, OwnSqlRefused } from "../../../queries/engine/own-sql.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { folderOfFile } from "../../support/fixtures/folder-of-file.ts";
import { writeLive } from "../analytics-folder.ts";

let engine: GuardedEngine;
let folder: string;
beforeAll(async () => {
  folder = await folderOfFile("own-sql-");
  await writeLive(folder, {
    conversations: [{ dt: "2026-11-01", conversation_id: "c1", agent_id: "a1", caller: "12025550101" }],
    turns: [{ dt: "2026-11-01", conversation_id: "c1", turn_index: 0, role: "user", message: "Hello" }],
  });
  engine = await openGuardedEngine(folder, { ...OWN_SQL_LIMITS, characters: 10_000 });
});

/** Why `sql` is refused, with the words that are underlined. */
async function refusal(sql: string): Promise<{ readonly message: string; readonly underlined: string | undefined }> {
  const error = await engine.run(sql).then(
    () => new Error("it ran"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OwnSqlRefused)) throw error;
  const { message, place } = error;
  const line = place && sql.split("\n")[place.line - 1];
  return {
    message,
    underlined: line?.slice((place?.column ?? 1) - 1, (place?.column ?? 1) - 1 + (place?.length ?? 0)),
  };
}

describe("runs", () => {
  test.each([
    ["select caller from conversations", [["12025550101"]]],
    ["with c as (select agent_id as a from conversations) select a from c", [["a1"]]],
    ["select * from (values (1), (2)) as t (x) order by x desc", [[2], [1]]],
    ["select message from turns union all select 'x' order by 1", [["Hello"], ["x"]]],
    ["with recursive n(x) as (select 1 union all select x + 1 from n where x < 3) select max(x) from n", [[3]]],
    [
      "select t.message, (select count(*) from conversations c where c.agent_id = 'a1') as n from turns t",
      [["Hello", 1n]],
    ],
    ["select date_add('day', -1, date '2026-11-30') -- one comment", [["2026-11-29"]]],
    ["select row_number() over (order by conversation_id) as n from conversations;", [[1n]]],
    ["select ';', '--', '/*' as texts", [[";", "--", "/*"]]],
  ])("%s", async (sql, rows) => {
    expect((await engine.run(sql)).rows).toEqual(rows);
  });

  test("every saved query, with its values in place", async () => {
    for (const { name, sql, parameters } of await readSavedQueries()) {
      const values = parameters.map(({ type }) =>
        type === "date" ? "'2026-11-01'" : type === "zone" ? "'UTC'" : type === "string" ? "'any'" : "'1'",
      );
      const filled = sql.replace(/'[^']*'|--[^\n]*|\?/g, (part) => (part === "?" ? (values.shift() ?? "") : part));
      await expect(engine.run(filled), name).resolves.toBeDefined();
    }
  });

  test("columns of one name keep their values", async () => {
    const { columns } = await engine.run("select c.dt, t.dt from conversations c cross join turns t");
    expect(columns.map(({ name }) => name)).toEqual(["dt", "dt_2"]);
  });

  test("rows up to the limits of rows and of characters", async () => {
    const many = await engine.run("select x from unnest(sequence(1, 20000)) as t (x)");
    expect([many.rows.length, many.isCut]).toEqual([1_250, true]);
    const wide = await engine.run("select rpad('', 3000, 'x') from unnest(sequence(1, 20)) as t (x)");
    expect([wide.rows.length, wide.isCut]).toEqual([3, true]);
    expect((await refusal("select rpad('', 20000, 'x')")).message).toMatch(/memory/);
  });

  test("the rows of a file that arrived after the engine was opened", async () => {
    await writeLive(folder, { evaluations: [{ dt: "2026-11-02", conversation_id: "c1", criteria_id: "k" }] });
    expect((await engine.run("select criteria_id from evaluations")).rows).toEqual([["k"]]);
  });
});

describe("refuses a file", () => {
  const readers = [
    ...["read_csv", "read_csv_auto", "read_json", "read_json_auto", "read_json_objects", "read_ndjson", "read_text"],
    ...["read_blob", "read_parquet", "parquet_scan", "parquet_metadata", "parquet_schema", "parquet_kv_metadata"],
    ...["sniff_csv", "glob", "read_duckdb", "parquet_bloom_probe", "query", "query_table", "which_secret"],
  ];
  test.each(readers)("%s()", async (name) => {
    for (const path of ["/etc/passwd", "https://example.com/x.csv", `${folder}/x.csv`]) {
      expect((await refusal(`select * from ${name}('${path}')`)).message).toMatch(/may not be used|cannot be read/);
      // Also as an expression, in a subquery, and behind a name.
      expect((await refusal(`select 1 where exists (select 1 from ${name}('${path}'))`)).message).not.toBe("it ran");
    }
  });
  test.each([
    "select * from '/etc/passwd'",
    'select * from "/etc/passwd"',
    "select * from 'x.parquet'",
    "from 'x.csv'",
    "table 'x.csv'",
    "select * from conversations c, lateral (select * from '/etc/hostname') t",
    "with x as (select * from x) select * from x",
    'with "/etc/passwd" as (select 1) select * from "/etc/passwd"',
    "select (with a as (select 1) select 1), (select count(*) from a)",
    "with recursive sqlite_master(x) as (select 1 from sqlite_master union all select 1) select * from sqlite_master",
  ])("%s", async (sql) => {
    expect((await refusal(sql)).message).toMatch(/There is no table|cannot be read|letters, digits/);
  });

  test("DuckDB itself opens no file outside of the tables, should the check miss one", async () => {
    const outside = join(await folderOfFile("own-sql-"), "secret.csv");
    await writeFile(outside, "a\n1\n");
    const duckdb = await DuckDBInstance.create(":memory:");
    const connection = await duckdb.connect();
    await connection.run(`set allowed_directories = ['${folder}/']`);
    await connection.run("set enable_external_access = false");
    await connection.run("set lock_configuration = true");
    await expect(connection.run(`select * from read_csv('${outside}')`)).rejects.toThrow(/disabled by configuration/);
    await expect(connection.run("set enable_external_access = true")).rejects.toThrow();
    await expect(connection.run("set memory_limit = '9GB'")).rejects.toThrow(/locked/);
    connection.closeSync();
  });
});

describe("refuses what is not one SELECT", () => {
  test.each([
    "copy (select 1) to 'x.csv'",
    "copy conversations to 'x.parquet'",
    "copy conversations from 'x.csv'",
    "export database 'x'",
    "import database 'x'",
    "attach 'x.db' as y",
    "attach 'x.db'",
    "detach y",
    "install httpfs",
    "load httpfs",
    "set memory_limit = '9GB'",
    "reset all",
    "pragma database_list",
    "pragma version",
    "call pragma_version()",
    "call enable_logging()",
    "create table x (a integer)",
    "create table x as select 1",
    "create temp view conversations as select 1",
    "create macro f(x) as x",
    "create secret s (type s3)",
    "insert into conversations values (1)",
    "with x as (select 1) insert into conversations select * from x",
    "update conversations set caller = 'x'",
    "delete from conversations",
    "with x as (select 1) delete from conversations",
    "drop view conversations",
    "alter table conversations rename to x",
    "truncate conversations",
    "prepare p as select 1",
    "execute p",
    "deallocate p",
    "begin",
    "checkpoint",
    "vacuum",
    "use memory",
    "show tables",
    "show all tables",
    "describe conversations",
    "summarize conversations",
    "explain select 1",
    "explain analyze select 1",
    "select 1; select 2",
    "select 1; drop view conversations",
    "select 1 -- x\n; drop view conversations",
    "select 1 /* ; */ ; drop view conversations",
    "select 1;\u00a0drop view conversations",
    "select 1\u2028;drop view conversations",
    "\u200bselect 1; attach 'x.db'",
    "select 1 into outfile 'x'",
    "select * into x from conversations",
    "",
    " -- nothing",
    ";",
  ])("%s", async (sql) => {
    expect((await refusal(sql)).message).not.toBe("it ran");
  });
});

describe("refuses what shows the machine", () => {
  test.each([
    "select getenv('HOME')",
    "select current_setting('allowed_directories')",
    "select getvariable('x')",
    "select json_serialize_sql('select 1')",
    "select * from json_execute_serialized_sql('x')",
    "select current_query()",
    "select write_log('x')",
    "select sleep_ms(100000)",
    "select pg_sleep(100000)",
    "select setseed(0.5)",
    "select nextval('x')",
    "select * from duckdb_settings()",
    "select * from duckdb_secrets()",
    "select * from duckdb_views()",
    "select * from duckdb_tables",
    "select * from duckdb_logs()",
    "select * from duckdb_functions()",
    "select * from duckdb_extensions()",
    "select * from duckdb_databases()",
    "select * from duckdb_temporary_files()",
    "select * from pragma_database_list()",
    "select * from pragma_version()",
    "select * from pragma_table_info('conversations')",
    "select * from pragma_storage_info('conversations')",
    "select * from information_schema.tables",
    "select * from pg_catalog.pg_class",
    "select * from sqlite_master",
    "select * from system.main.duckdb_settings()",
    "select * from memory.main.conversations",
    "select * from temp.conversations",
    "select * from enable_logging()",
    "select * from checkpoint()",
    "select * from sql_auto_complete('x')",
    "select * from test_all_types()",
    "select * from arrow_scan(1, 2, 3)",
    "select system.main.current_setting('threads')",
    "select x.current_setting() from (select 'threads' as x)",
    "select list_transform(['threads'], x -> current_setting(x))",
    "select count(*) filter (where current_setting('threads') > 1) from conversations",
    "select 1 order by current_setting('threads')",
    "select 1 limit (select count(*) from duckdb_settings())",
    "select sum(1) over (partition by current_setting('threads'))",
  ])("%s", async (sql) => {
    expect((await refusal(sql)).message).not.toBe("it ran");
  });
});

test("writes nothing, whatever was tried", async () => {
  expect((await readdir(folder)).sort()).toEqual(["live"]);
});

describe("names the reason, and underlines it", () => {
  test.each([
    ["select\n  foo\nfrom turns", "There is no column foo.", "foo"],
    ["select mesage from turns", "There is no column mesage. Did you mean message?", "mesage"],
    ["select 'mesage' as x, /* mesage */ mesage from turns", "There is no column mesage.", "mesage"],
    ["select * from conversation", "There is no table conversation. Did you mean conversations?", "conversation"],
    ["select\n nope(1)", "The function nope does not exist", "nope"],
    ["select caller from conversations where dt between ? and 'x'", "A ? has no value", "?"],
    ["select 1 +", "The SQL cannot be read at line 1", undefined],
    ["selct 1", "The SQL cannot be read at line 1", undefined],
    ["select cast(message as integer) from turns", "Could not convert string 'Hello' to INT32", undefined],
    ["select caller, count(*) from conversations", "must appear in the GROUP BY clause", "caller"],
    ["select a.x from turns as t", "Referenced table", "a"],
    ["", "There is no statement", undefined],
    [`select ${"(".repeat(600)}1${")".repeat(600)}`, "nested too deeply", undefined],
  ])("%s", async (sql, message, underlined) => {
    const refused = await refusal(sql);
    expect(refused.message).toContain(message);
    if (underlined !== undefined) expect(refused.underlined).toBe(underlined);
    expect(refused.message).not.toMatch(/Error:|LINE 1|\n/);
  });
});
