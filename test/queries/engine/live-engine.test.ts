import { mkdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { liveEngine } from "../../../queries/engine/live-engine.client.ts";
import { QueryFailed, QueryTimedOut } from "../../../queries/engine/query-engine.ts";
import { emptyFolder, liveObjects, writeLive } from "../analytics-folder.ts";

const OPTIONS = { timeoutMs: 30_000, connections: 2, memoryMegabytes: 500 };

test("reads tables and days that are new, and none that are gone, without opening again", async () => {
  const folder = await emptyFolder();
  const engine = liveEngine(folder, OPTIONS);
  onTestFinished(() => engine.close());
  const calls = async () => (await engine.run("select conversation_id from conversations order by 1", [])).rows.flat();
  expect(await calls()).toEqual([]);
  // A folder without a file is not a table yet.
  await mkdir(join(folder, "live/conversations/dt=2026-11-01"), { recursive: true });
  expect(await calls()).toEqual([]);
  await writeLive(folder, { conversations: [{ dt: "2026-11-01", conversation_id: "c1" }] });
  expect(await calls()).toEqual(["c1"]);
  await writeLive(folder, { conversations: [{ dt: "2026-11-02", conversation_id: "c2" }] });
  expect(await Promise.all([calls(), calls(), calls()])).toEqual([
    ["c1", "c2"],
    ["c1", "c2"],
    ["c1", "c2"],
  ]);
  await rm(join(folder, "live"), { recursive: true });
  expect(await calls()).toEqual([]);
});

test("stops a query that takes too long, and runs the next one", async () => {
  const engine = liveEngine(await emptyFolder(), { ...OPTIONS, timeoutMs: 200, connections: 1 });
  onTestFinished(() => engine.close());
  await engine.run("select 1", []);
  const endless =
    "select count(*) from unnest(sequence(1, 100000)) as a (x) cross join unnest(sequence(1, 100000)) as b (y) where a.x * b.y % 7 = 3";
  await expect(engine.run(endless, [])).rejects.toThrow(QueryTimedOut);
  expect((await engine.run("select 2", [])).rows).toEqual([[2]]);
});

/** A folder with these calls on one day, and its engine. `titles` returns what a query reads now. */
async function aDay(calls: readonly string[], folder?: string) {
  const dir = folder ?? (await emptyFolder());
  const rows = calls.map((id) => ({ dt: "2026-11-01", conversation_id: id, title: "first" }));
  await writeLive(dir, { conversations: rows });
  const engine = liveEngine(dir, OPTIONS);
  onTestFinished(() => engine.close());
  const sql = "select conversation_id, title from conversations order by 1";
  const titles = async () => (await engine.run(sql, [])).rows.map((row) => row.join(" "));
  return { folder: dir, engine, titles };
}

const dayOf = (folder: string) => join(folder, "live/conversations/dt=2026-11-01/hr=10");

/** Replaces the rows of a call as the archive does: by a rename. Returns the path. */
async function put(folder: string, id: string, title: string): Promise<string> {
  const [object] = liveObjects({ conversations: [{ dt: "2026-11-01", conversation_id: id, title }] });
  const path = join(folder, object?.key ?? "");
  await writeFile(`${folder}/prepared`, object?.body ?? "");
  await rename(`${folder}/prepared`, path);
  return path;
}

test("reads a call again that was replaced, also by a file of the same size and time", async () => {
  const { folder, titles } = await aDay(["c1", "c2"]);
  expect(await titles()).toEqual(["c1 first", "c2 first"]);
  const { atime, mtime } = await stat(join(dayOf(folder), "c1.parquet"));
  await utimes(await put(folder, "c1", "later"), atime, mtime);
  expect(await titles()).toEqual(["c1 later", "c2 first"]);
  await rm(join(dayOf(folder), "c2.parquet"));
  await put(folder, "c3", "first");
  expect(await titles()).toEqual(["c1 later", "c3 first"]);
});

test("notices a change of a folder that did not change for long", async () => {
  const { folder, titles } = await aDay(["c1"]);
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(dayOf(folder), longAgo, longAgo);
  for (const _ of ["the listing", "the listing again"]) expect(await titles()).toEqual(["c1 first"]);
  await put(folder, "c1", "later");
  expect(await titles()).toEqual(["c1 later"]);
  await utimes(dayOf(folder), longAgo, longAgo);
  await put(folder, "c2", "first");
  expect(await titles()).toEqual(["c1 later", "c2 first"]);
});

test("reads each of many calls once, while queries run at the same time and calls are replaced", async () => {
  const ids = Array.from({ length: 450 }, (_, n) => `c${String(n).padStart(3, "0")}`);
  const { folder, titles } = await aDay(ids);
  const all = await Promise.all([titles(), titles(), titles()]);
  for (const each of all) expect(each.map((line) => line.split(" ")[0])).toEqual(ids);
  for (const id of ids.slice(0, 20)) {
    const [before] = await Promise.all([titles(), put(folder, id, "later")]);
    expect(before).toHaveLength(ids.length);
  }
  expect((await titles()).filter((line) => line.endsWith("later"))).toHaveLength(20);
});

test("a damaged file fails the query, and a repaired one does not", async () => {
  const { folder, titles } = await aDay(["c1", "c2"]);
  const path = await put(folder, "c1", "later");
  await writeFile(path, "PAR1 damaged");
  await expect(titles()).rejects.toThrow(QueryFailed);
  await expect(titles()).rejects.toThrow(QueryFailed);
  await put(folder, "c1", "repaired");
  expect(await titles()).toEqual(["c1 repaired", "c2 first"]);
});

test("reads a folder whose path has the characters of a pattern", async () => {
  const folder = await emptyFolder("analytics-[a]*?'-");
  expect(await (await aDay(["c1"], folder)).titles()).toEqual(["c1 first"]);
});

test("a table that only a comment or a column names is not read", async () => {
  const { folder, engine } = await aDay(["c1"]);
  await mkdir(join(folder, "live/turns/dt=2026-11-01"), { recursive: true });
  await writeFile(join(folder, "live/turns/dt=2026-11-01/c1.parquet"), "damaged");
  const sql = "-- Reads: turns\nselect count(*) as recordings from conversations";
  expect((await engine.run(sql, [])).rows).toEqual([[1n]]);
});
