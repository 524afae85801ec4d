import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { compactFolder } from "../../../infrastructure/local/compact-folder.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { DIRTY_FOLDER, STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { liveKey, partKey } from "../../../queries/tables/table.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { emptyFolder, engineOn, writeLive, writeObject, writeRows } from "../analytics-folder.ts";
import { anyValues } from "../cases.ts";

const DAYS = ["2026-11-01", "2026-11-02", "2026-11-03"];
const EVERY_ROW = "select message from turns order by dt";

/** Three days whose live rows differ from the rows of their parts, so that a result shows its side. */
async function threeDays(state?: string, ...changed: string[]): Promise<string> {
  const folder = await emptyFolder();
  for (const day of DAYS) {
    await writeRows(folder, liveKey("turns", day, "c1"), turns, [{ conversation_id: "c1", message: "live" }]);
    await writeRows(folder, partKey("turns", day, 0), turns, [{ conversation_id: "c1", message: "closed" }]);
  }
  if (state !== undefined) await writeObject(folder, STATE_KEY, Buffer.from(state));
  for (const day of changed) await writeMarker(folder, day);
  return folder;
}

function writeMarker(folder: string, day: string): Promise<void> {
  return writeObject(folder, `${DIRTY_FOLDER}${day}/c1.a-marker`, Buffer.alloc(0));
}

async function valuesIn(folder: string, sql = EVERY_ROW) {
  return (await (await engineOn(folder)).run(sql, [])).rows.flat();
}

describe("the side from which a day is read", () => {
  test.each([
    ["2026-11-01", ["live", "live", "live"]],
    ["2026-11-03", ["closed", "closed", "live"]],
    ["2026-11-04", ["closed", "closed", "closed"]],
  ])("follows the compactor's state: the first live day is %s", async (first_live_day, messages) => {
    expect(await valuesIn(await threeDays(JSON.stringify({ first_live_day })))).toEqual(messages);
  });

  const CLOSED = '{"first_live_day":"2026-11-04"}';
  test("is live for a changed closed day, until its dirty marker is removed", async () => {
    const folder = await threeDays(CLOSED, "2026-11-02");
    expect(await valuesIn(folder)).toEqual(["closed", "live", "closed"]);
    await rm(join(folder, `${DIRTY_FOLDER}2026-11-02`, "c1.a-marker"));
    expect(await valuesIn(folder)).toEqual(["closed", "closed", "closed"]);
  });

  test("is live for a changed day in the compactor's state, with or without a dirty marker", async () => {
    const state = '{"first_live_day":"2026-11-04","changed":{"2026-11-01":null}}';
    expect(await valuesIn(await threeDays(state, "2026-11-02"))).toEqual(["live", "live", "closed"]);
  });

  test("is live for a live day with a dirty marker", async () => {
    const folder = await threeDays('{"first_live_day":"2026-11-02"}', "2026-11-02", "2026-11-03");
    expect(await valuesIn(folder)).toEqual(["closed", "live", "live"]);
  });

  test.each([
    undefined,
    "",
    "{",
    "null",
    "[]",
    "{}",
    '{"first_live_day":7}',
    '{"first_live_day":"2026-11-04","changed":{"x":null}}',
    '{"first_live_day":"a\'; drop"}',
  ])("is live for all days if the state is %j", async (state) => {
    expect(await valuesIn(await threeDays(state, "2026-11-02"))).toEqual(["live", "live", "live"]);
  });
});

describe("while days are closed and rebuilt", () => {
  const now = () => new Date("2026-11-04T12:00:00Z");
  const said = (dt: string, message: string) => ({ turns: [{ dt, conversation_id: "c1", message }] });

  /** A folder with an archive's analytics, in which every day is live. */
  async function liveDays() {
    const folder = await emptyFolder();
    const analytics = join(folder, "analytics");
    for (const day of DAYS) await writeLive(analytics, said(day, `of ${day}`));
    return { analytics, compact: () => compactFolder(folder, { now }), archive: folderArchive(folder, "analytics") };
  }
  const ALL = DAYS.map((day) => `of ${day}`);

  test("an engine opened before returns the same rows, and one opened after reads the parts", async () => {
    const { analytics, compact } = await liveDays();
    const before = await engineOn(analytics);
    await compact();
    expect((await before.run(EVERY_ROW, [])).rows.flat()).toEqual(ALL);
    await rm(join(analytics, "live"), { recursive: true });
    expect(await valuesIn(analytics)).toEqual(ALL);
  });

  test("an engine opened while a day was changed returns the same rows after the day is rebuilt", async () => {
    const { analytics, compact, archive } = await liveDays();
    await compact();
    await writeLive(analytics, said("2026-11-02", "corrected"));
    await putDirtyMarkers(archive, ["2026-11-02"], "c1", now());
    const corrected = ALL.with(1, "corrected");
    const engine = await engineOn(analytics);
    expect((await engine.run(EVERY_ROW, [])).rows.flat()).toEqual(corrected);
    await compact();
    expect((await engine.run(EVERY_ROW, [])).rows.flat()).toEqual(corrected);
    await rm(join(analytics, "live"), { recursive: true });
    expect(await valuesIn(analytics)).toEqual(corrected);
  });
});

test("no saved query opens a file of another day or of the other side of a day", async () => {
  const engine = await engineOn(await oneReadableSideEach());
  for (const query of await readSavedQueries()) {
    const answerTo = (from: string) => engine.run(query.sql, anyValues(query, from, "2026-11-03"));
    await expect(answerTo("2026-11-01"), query.name).resolves.toBeDefined();
    await expect(answerTo("2026-10-31"), query.name).rejects.toThrow(/days.*dt=2026-10-31/);
  }
});

/** A closed day, a changed day and a live day, each readable on its side only, and an unreadable day. */
async function oneReadableSideEach(): Promise<string> {
  const folder = await emptyFolder();
  await writeObject(folder, STATE_KEY, Buffer.from('{"first_live_day":"2026-11-03"}'));
  await writeMarker(folder, "2026-11-02");
  for (const table of TABLES) {
    for (const day of ["2026-10-31", ...DAYS]) {
      for (const key of [liveKey(table.name, day, "c1"), partKey(table.name, day, 0)]) {
        await writeObject(folder, key, Buffer.from("not a Parquet file"));
      }
    }
    const readable = [
      partKey(table.name, "2026-11-01", 0),
      liveKey(table.name, "2026-11-02", "c1"),
      liveKey(table.name, "2026-11-03", "c1"),
    ];
    for (const key of readable) await writeRows(folder, key, table, [{ conversation_id: "c1" }]);
  }
  return folder;
}
