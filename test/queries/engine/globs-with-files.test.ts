import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { globsWithFiles } from "../../../queries/engine/globs-with-files.client.ts";
import { openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { NOTHING_CLOSED, STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { liveKey, packKey, partKey } from "../../../queries/tables/table.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { emptyFolder, writeLive, writeObject } from "../analytics-folder.ts";

const KEYS = [
  partKey("turns", "2026-11-01", 0),
  packKey("turns", "2026-11-03", 1),
  ...["2026-11-01/09", "2026-11-02/09", "2026-11-03/08", "2026-11-03/09", "2026-11-03", "2026-11-04/00"].map((hour) =>
    liveKey("turns", hour, "conv_1"),
  ),
];

async function aFolder(): Promise<string> {
  const folder = await emptyFolder();
  for (const key of KEYS) await writeObject(folder, key, Buffer.alloc(0));
  return folder;
}

test("name the live days, and the live hours of a day with packs, so that no other live object is listed", async () => {
  const closed = { firstLiveDay: "2026-11-03", changed: ["2026-11-02"], packs: { "2026-11-03": { "08": 1 } } };
  expect(await globsWithFiles(turns, await aFolder(), closed)).toEqual({
    days: ["days/turns/dt=*/*.parquet"],
    hours: ["hours/turns/dt=*/pack=*/*.parquet"],
    live: [
      "live/turns/dt=2026-11-02/hr=*/*.parquet",
      "live/turns/dt=2026-11-03/*.parquet",
      "live/turns/dt=2026-11-03/hr=09/*.parquet",
      "live/turns/dt=2026-11-04/hr=*/*.parquet",
    ],
  });
});

test("name no day if no day is closed, and nothing in an empty folder", async () => {
  expect((await globsWithFiles(turns, await aFolder(), NOTHING_CLOSED)).live).toEqual([
    "live/turns/dt=*/hr=*/*.parquet",
    "live/turns/dt=*/*.parquet",
  ]);
  expect(await globsWithFiles(turns, await emptyFolder(), NOTHING_CLOSED)).toEqual({ days: [], hours: [], live: [] });
});

test("an hour whose last call is deleted while an engine is open has no rows, and no error", async () => {
  const folder = await emptyFolder();
  const calls = ["08", "09"].map((hr) => ({ dt: "2026-11-03", hr, conversation_id: `conv_${hr}` }));
  await writeLive(folder, { conversations: calls });
  // The hour 07 is packed, so the live hours are named.
  const state = { first_live_day: "2026-11-03", hours: { "2026-11-03": { "07": { pack: 1 } } } };
  await writeObject(folder, STATE_KEY, Buffer.from(JSON.stringify(state)));
  const engine = await openLocalEngine(folder);
  onTestFinished(() => engine.close());
  const ids = async () => (await engine.run("select conversation_id from conversations order by 1", [])).rows.flat();
  expect(await ids()).toEqual(["conv_08", "conv_09"]);
  await rm(join(folder, liveKey("conversations", "2026-11-03/08", "conv_08")));
  expect(await ids()).toEqual(["conv_09"]);
  await rm(join(folder, liveKey("conversations", "2026-11-03/09", "conv_09")));
  expect(await ids()).toEqual([]);
});
