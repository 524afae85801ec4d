import { expect, test } from "vitest";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { processObject } from "../../../handlers/process/process.ts";
import { conversations } from "../../../queries/tables/conversations.ts";
import { parquetFile } from "../../../queries/tables/parquet.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";
import { aCall, aCompactor, DAYS, NOW, putLive, rowsIn } from "../../support/fixtures/compacting.ts";
import { aTranscription, metadataWith, START } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const [FIRST, SECOND, , , TODAY] = DAYS;
const MARKERS = "compaction/dirty/";

const markersIn = async (analytics: ReturnType<typeof memoryArchive>) =>
  (await Array.fromAsync(analytics.list(MARKERS))).map(({ key }) => key.slice(MARKERS.length).replace(/\.[^.]+$/, ""));

/** Two closed days with a call each. */
async function twoClosedDays() {
  const compactor = aCompactor();
  await putLive(compactor.analytics, aCall("conv_1", FIRST));
  await putLive(compactor.analytics, aCall("conv_2", SECOND));
  await compactor.compact();
  return compactor;
}

test.each([
  [`${FIRST}/10`, "2026-11-01T11:09:59.999Z", []],
  [`${FIRST}/10`, "2026-11-01T11:10:00.000Z", [`dt=${FIRST}/hr=10/conv_1`]],
  [`${FIRST}/23`, "2026-11-02T00:09:59.999Z", []],
  [`${FIRST}/23`, "2026-11-02T00:10:00.000Z", [`dt=${FIRST}/hr=23/conv_1`]],
  // The rows of an earlier version have no hour.
  [FIRST, "2026-11-02T00:09:59.999Z", []],
  [FIRST, "2026-11-02T00:10:00.000Z", [`dt=${FIRST}/conv_1`]],
])(
  "a change of %s at %s leaves a marker only if the hour has been over for ten minutes",
  async (hour, now, markers) => {
    const analytics = memoryArchive();
    await putDirtyMarkers(analytics, [hour], "conv_1", new Date(now));
    expect(await markersIn(analytics)).toEqual(markers);
  },
);

test("the processor puts a marker for each hour that it changed: the present one and the one before", async () => {
  const later = () => new Date("2026-12-01T00:00:00Z");
  const world = aWorld({ now: later });
  const key = await world.delivered(aTranscription());
  await world.process(key);
  expect(new Set(await markersIn(world.analytics))).toEqual(new Set(["dt=2026-11-20/hr=10/conv_1"]));
  const moved = metadataWith({ start_time_unix_secs: START - 86_400 });
  await world.archive.put(key, aTranscription({ metadata: moved }));
  await world.process(key);
  expect(new Set(await markersIn(world.analytics))).toEqual(
    new Set(["dt=2026-11-19/hr=10/conv_1", "dt=2026-11-20/hr=10/conv_1"]),
  );
});

test("the rows step is not done before its marker is stored: rows without one are written again", async () => {
  const world = aWorld({ now: () => new Date("2026-12-01T00:00:00Z") });
  const key = await world.delivered(aTranscription());
  const { put } = world.analytics;
  const analytics = {
    ...world.analytics,
    put: (name: string, ...rest: [Buffer]) =>
      name.startsWith(MARKERS) ? Promise.reject(new Error("cut")) : put(name, ...rest),
  };
  await expect(processObject(key, { ...world.processing, analytics })).rejects.toThrow("rows: cut");
  expect(await world.process(key)).toMatchObject({ steps: expect.arrayContaining(["rows"]) });
  expect(new Set(await markersIn(world.analytics))).toEqual(new Set(["dt=2026-11-20/hr=10/conv_1"]));
});

test("only a day with a marker is rebuilt, and the marker is removed last", async () => {
  const { analytics, compact, parts } = await twoClosedDays();
  const before = parts();
  const { turns = [] } = aCall("conv_1", FIRST, 3);
  await putLive(analytics, { turns });
  await putDirtyMarkers(analytics, [FIRST], "conv_1", NOW);
  const effects: string[] = [];
  const watched = {
    ...analytics,
    put: (key: string, ...rest: [Buffer]) =>
      analytics.put(key, ...rest).finally(() => effects.push(key.split("/")[0] ?? "")),
    delete: (key: string) => analytics.delete(key).finally(() => effects.push("marker")),
  };
  const done = await compact({ analytics: watched });
  expect(done.days).toMatchObject([{ day: FIRST, did: "rewritten", shards: 1 }]);
  // Lease, changed days, views moved; part; shard; marker; day rebuilt, views moved, release.
  const state = (count: number) => Array(count).fill("compaction");
  expect(effects).toEqual([...state(3), "days", ...state(1), "marker", ...state(3)]);
  expect(await markersIn(analytics)).toEqual([]);
  const changed = [...parts()].filter(([key, etag]) => before.get(key) !== etag).map(([key]) => key);
  expect(changed).toEqual([`days/turns/dt=${FIRST}/part-00.parquet`]);
  expect(await rowsIn(analytics, "days", "turns", (day) => day === FIRST)).toHaveLength(3);
});

test("a changed day is read live at once, and rebuilt when no query can still be reading its parts", async () => {
  const { analytics, compact, parts, views, ids } = await twoClosedDays();
  const before = parts();
  await putLive(analytics, aCall("conv_late", FIRST));
  await putDirtyMarkers(analytics, [FIRST], "conv_late", NOW);
  const after = (seconds: number) =>
    compact({ longestQuerySeconds: 600, now: () => new Date(NOW.getTime() + 1_000 * seconds) });
  for (const seconds of [0, 300, 599]) {
    expect(await after(seconds)).toMatchObject({ days: [], isFinished: true });
    expect([parts(), views.get("turns")]).toEqual([before, [DAYS[3], FIRST]]);
    expect(await ids("conversations")).toEqual(["conv_1", "conv_2", "conv_late"]);
  }
  expect((await after(600)).days).toMatchObject([{ day: FIRST, did: "rewritten" }]);
  expect(views.get("turns")).toEqual([DAYS[3]]);
  expect(await ids("conversations")).toEqual(["conv_1", "conv_2", "conv_late"]);
});

test("a day that keeps changing is read live until it stops", async () => {
  const { analytics, compact, views } = await twoClosedDays();
  await putDirtyMarkers(analytics, [FIRST], "conv_1", NOW);
  const changing = {
    ...analytics,
    delete: (key: string) => analytics.delete(key).then(() => putDirtyMarkers(analytics, [FIRST], "conv_1", NOW)),
  };
  await compact({ analytics: changing });
  expect(views.get("turns")).toEqual([DAYS[3], FIRST]);
  await compact();
  expect(views.get("turns")).toEqual([DAYS[3]]);
});

test("a marker that is put while its day is rebuilt stays for the next run", async () => {
  const { analytics, compact } = await twoClosedDays();
  await putDirtyMarkers(analytics, [FIRST], "conv_1", NOW);
  let isFirst = true;
  const watched = {
    ...analytics,
    async get(key: string) {
      const read = await analytics.get(key);
      if (key.startsWith("live/turns/") && isFirst) {
        isFirst = false;
        await putLive(analytics, aCall("conv_1", FIRST, 5));
        await putDirtyMarkers(analytics, [FIRST], "conv_1", NOW);
      }
      return read;
    },
  };
  await compact({ analytics: watched });
  expect(await rowsIn(analytics, "days", "turns", (day) => day === FIRST)).toHaveLength(2);
  expect(await markersIn(analytics)).toEqual([`dt=${FIRST}/conv_1`]);
  await compact();
  expect(await rowsIn(analytics, "days", "turns", (day) => day === FIRST)).toHaveLength(5);
});

test("the rows of a deleted live object leave the day; a part without rows stays for its readers", async () => {
  const { analytics, compact, ids, state } = await twoClosedDays();
  await analytics.delete(liveKey("conversations", `${FIRST}/10`, "conv_1"));
  await analytics.delete(liveKey("turns", `${FIRST}/10`, "conv_1"));
  await putDirtyMarkers(analytics, [FIRST], "conv_1", NOW);
  await compact();
  expect(await ids("conversations")).toEqual(["conv_2"]);
  expect(await analytics.get(`days/turns/dt=${FIRST}/part-00.parquet`)).toBeDefined();
  expect((await state()).days[FIRST]).toMatchObject([{ conversations: 0, objects: 0, rows: 0 }]);
});

test("a late call of a day that was closed empty is in it after the next run", async () => {
  const { analytics, compact, ids } = aCompactor();
  await compact();
  await putLive(analytics, aCall("conv_late", SECOND));
  await putDirtyMarkers(analytics, [SECOND], "conv_late", NOW);
  expect((await compact()).days).toMatchObject([{ day: SECOND, did: "rewritten" }]);
  expect(await ids("turns")).toEqual(["conv_late", "conv_late"]);
});

test("markers of an open day stay until the day is closed", async () => {
  const { analytics, compact } = aCompactor();
  await putDirtyMarkers(analytics, [DAYS[3]], "conv_1", NOW);
  await compact();
  expect(await markersIn(analytics)).toHaveLength(1);
  await compact({ now: () => new Date(`${TODAY}T03:00:00Z`) });
  expect(await markersIn(analytics)).toEqual([]);
});

test("a marker of the whole day rebuilds the whole day", async () => {
  const { analytics, compact } = await twoClosedDays();
  await analytics.put(`${MARKERS}dt=${FIRST}/~day.1`, Buffer.alloc(0));
  await analytics.delete(liveKey("turns", `${FIRST}/10`, "conv_1"));
  expect((await compact()).days).toMatchObject([{ day: FIRST, did: "rewritten" }]);
  expect(await rowsIn(analytics, "days", "turns", (day) => day === FIRST)).toEqual([]);
  expect(await markersIn(analytics)).toEqual([]);
});

test("a column that is newer than a call is null until the call is written again", async () => {
  const { analytics, compact } = aCompactor();
  const { title: _, ...older } = conversations.columns;
  const row = { conversation_id: "conv_1", title: "Kettle" };
  const key = liveKey("conversations", `${FIRST}/10`, "conv_1");
  await analytics.put(key, parquetFile({ ...conversations, columns: older }, [row]));
  await compact();
  expect(await rowsIn(analytics, "days", "conversations")).toMatchObject([{ conversation_id: "conv_1", title: null }]);
  await analytics.put(key, parquetFile(conversations, [row]));
  await putDirtyMarkers(analytics, [FIRST], "conv_1", NOW);
  await compact();
  expect(await rowsIn(analytics, "days", "conversations")).toMatchObject([{ title: "Kettle" }]);
});
