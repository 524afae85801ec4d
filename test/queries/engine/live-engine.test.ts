import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { liveEngine } from "../../../queries/engine/live-engine.client.ts";
import { QueryTimedOut } from "../../../queries/engine/query-engine.ts";
import { emptyFolder, writeLive } from "../analytics-folder.ts";

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
