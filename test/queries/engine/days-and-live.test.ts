import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import type { QueryEngine } from "../../../queries/engine/query-engine.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { folderOfFile } from "../../support/fixtures/folder-of-file.ts";
import { emptyFolder, engineOn, writeLive, writeRows } from "../analytics-folder.ts";
import { anyValues } from "../cases.ts";

describe("the two sides of a table", () => {
  /** Two days that are both in `days` and in `live`, as while a day is being closed. */
  async function closedAndLive(): Promise<string> {
    const folder = await emptyFolder();
    for (const [day, conversation_id] of [
      ["2026-11-01", "c1"],
      ["2026-11-02", "c2"],
    ] as const) {
      const key = liveKey("turns", day, conversation_id);
      await writeRows(folder, key, turns, [{ conversation_id, message: "live" }]);
      const closed = key.replace("live/", "days/").replace(conversation_id, "part-00");
      await writeRows(folder, closed, turns, [{ conversation_id, message: "closed" }]);
    }
    return folder;
  }
  const EVERY_ROW = "select dt, message from turns order by dt";

  test.each([
    ["2026-11-01", ["live", "live"]],
    ["2026-11-02", ["closed", "live"]],
    ["2026-11-03", ["closed", "closed"]],
  ])("return each row once when the first live day is %s", async (firstLiveDay, messages) => {
    const { rows } = await (await engineOn(await closedAndLive(), firstLiveDay)).run(EVERY_ROW, []);
    expect(rows).toEqual([
      ["2026-11-01", messages[0]],
      ["2026-11-02", messages[1]],
    ]);
  });

  test("are live for all days by default", async () => {
    const { rows } = await (await engineOn(await closedAndLive())).run(EVERY_ROW, []);
    expect(rows.map(([, message]) => message)).toEqual(["live", "live"]);
  });

  test("may be `days` only", async () => {
    const folder = await emptyFolder();
    await writeRows(folder, "days/turns/dt=2026-11-01/part-00.parquet", turns, [{ conversation_id: "c1" }]);
    const { rows } = await (await engineOn(folder, "2026-11-02")).run("select conversation_id, dt from turns", []);
    expect(rows).toEqual([["c1", "2026-11-01"]]);
  });
});

describe("reads only the requested days", async () => {
  const queries = await readSavedQueries();
  /** A readable day between two unreadable ones, in every table: opening a file of another day fails. */
  async function oneReadableDay(folder: string): Promise<string> {
    for (const table of TABLES) {
      await writeRows(folder, liveKey(table.name, "2026-11-02", "c1"), table, [{ conversation_id: "c1" }]);
      for (const day of ["2026-11-01", "2026-11-03"]) {
        const file = join(folder, liveKey(table.name, day, "c1"));
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, "not a Parquet file");
      }
    }
    return folder;
  }

  let engine: QueryEngine;
  beforeAll(async () => {
    engine = await openLocalEngine(await oneReadableDay(await folderOfFile("analytics-")));
    return () => engine.close();
  });

  test.each(queries)("$name", async (query) => {
    const answerTo = (from: string, to: string) => engine.run(query.sql, anyValues(query, from, to));
    await expect(answerTo("2026-11-02", "2026-11-02")).resolves.toBeDefined();
    await expect(answerTo("2026-11-01", "2026-11-02")).rejects.toThrow(/dt=2026-11-01/);
  });

  test("when days are counted back from today", async () => {
    const folder = await oneReadableDay(await emptyFolder());
    await writeLive(folder, { turns: [{ dt: isoDate(new Date()), conversation_id: "c2" }] });
    const sql = "select conversation_id from turns where dt >= cast(current_date - interval '1' day as varchar)";
    expect((await (await engineOn(folder)).run(sql, [])).rows).toEqual([["c2"]]);
  });
});

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}
