import { expect, onTestFinished, test } from "vitest";
import { ownSql } from "../../../infrastructure/local/own-sql.client.ts";
import { OWN_SQL_LIMITS, OwnSqlBusy, OwnSqlRefused } from "../../../queries/engine/own-sql.ts";
import { emptyFolder } from "../../queries/analytics-folder.ts";

const NUMBERS = "unnest(sequence(1, 100000))";

async function anEngine(limits: Partial<typeof OWN_SQL_LIMITS> = {}) {
  const engine = ownSql(await emptyFolder(), { ...OWN_SQL_LIMITS, ...limits });
  onTestFinished(() => engine.close());
  return engine;
}

test.each([
  ["a cross join", `select count(*) from ${NUMBERS} a (x) cross join ${NUMBERS} b (y) where x * y % 7 = 3`],
  ["a recursion", "with recursive r (x) as (select 1 union all select x + 1 from r) select max(x) from r"],
  ["a function that ignores an interrupt", "select length(repeat('x', 1000000000))"],
])("%s that does not end is stopped, and the next statement runs", async (_, sql) => {
  const engine = await anEngine({ seconds: 2 });
  await engine.run("select 1");
  await expect(engine.run(sql)).rejects.toThrow("took longer than 2 s");
  expect((await engine.run("select 2")).rows).toEqual([[2]]);
});

test.each([
  [
    "DuckDB counts",
    `select array_agg(repeat('x', 1000) order by x) from ${NUMBERS} a (x) cross join unnest(sequence(1, 100)) b (y)`,
  ],
  ["DuckDB does not count", "select repeat('x', 300000000) || 'y'"],
  ["a cell needs", "select rpad('', 20000000, 'x')"],
])("memory that %s is limited, and the next statement runs", async (_, sql) => {
  const engine = await anEngine({ seconds: 30 });
  await expect(engine.run(sql)).rejects.toThrow(/more memory/);
  expect((await engine.run("select 2")).rows).toEqual([[2]]);
});

test("a statement that is stopped ends, and those that wait run", async () => {
  const engine = await anEngine();
  await engine.run("select 1");
  const stop = new AbortController();
  const endless = engine.run(
    "with recursive r (x) as (select 1 union all select x + 1 from r) select max(x) from r",
    stop.signal,
  );
  const next = engine.run("select 2");
  stop.abort();
  await expect(endless).rejects.toThrow(/abort/);
  expect((await next).rows).toEqual([[2]]);
});

test("a refused statement does not end the process, so the next one starts at once", async () => {
  const engine = await anEngine();
  const start = performance.now();
  await engine.run("select 1");
  const started = performance.now();
  await expect(engine.run("select nope")).rejects.toThrow(OwnSqlRefused);
  expect((await engine.run("select 2")).rows).toEqual([[2]]);
  expect(performance.now() - started).toBeLessThan((started - start) / 2);
});

test("a statement that the parser cannot hold is refused, and the next one runs", async () => {
  const engine = await anEngine();
  await expect(engine.run(`select ${"1+".repeat(9_900)}1`)).rejects.toThrow(OwnSqlRefused);
  expect((await engine.run("select 2")).rows).toEqual([[2]]);
});

test("more than five statements at once are busy, and times and large integers arrive whole", async () => {
  const engine = await anEngine();
  const runs = Array.from({ length: 7 }, () => engine.run("select timestamp '2026-11-30 01:02:03', 9007199254740993"));
  const results = await Promise.allSettled(runs);
  expect(results.filter(({ status }) => status === "rejected")).toMatchObject([
    { reason: expect.any(OwnSqlBusy) },
    { reason: expect.any(OwnSqlBusy) },
  ]);
  const [first] = results;
  expect(first).toMatchObject({ value: { rows: [[new Date("2026-11-30T01:02:03Z"), 9007199254740993n]] } });
});
