import { expect, test } from "vitest";
import { globsWithFiles } from "../../../queries/engine/globs-with-files.client.ts";
import { NOTHING_CLOSED } from "../../../queries/tables/closed-days.ts";
import { liveKey, packKey, partKey } from "../../../queries/tables/table.ts";
import { turns } from "../../../queries/tables/turns.ts";
import { emptyFolder, writeObject } from "../analytics-folder.ts";

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
