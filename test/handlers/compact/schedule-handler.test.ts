import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import { PreconditionFailed } from "../../../handlers/clients/archive/archive.ts";
import type { LogEntry } from "../../../handlers/clients/observability/log.ts";
import type { Measurement } from "../../../handlers/clients/observability/measure.ts";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import {
  ClosedDaysIncomplete,
  type CompactScheduleDeps,
  scheduleHandler,
} from "../../../handlers/compact/schedule-handler.ts";
import { STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { liveObjects } from "../../queries/analytics-folder.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";

/** Two hours after the end of the 22nd, which may be closed an hour later. */
const NOW = new Date("2026-11-23T02:00:00Z");
const QUARTER_HOUR_MS = 15 * 60 * 1000;

/** The handler with calls on two closable days, and on one that ended too recently. */
async function aSchedule(changes: Partial<CompactScheduleDeps> = {}) {
  const analytics = memoryArchive();
  const put = (dt: string, conversation_id: string) =>
    Promise.all(
      liveObjects({ conversations: [{ dt, conversation_id }], turns: [{ dt, conversation_id }] }).map(({ key, body }) =>
        analytics.put(key, body),
      ),
    );
  for (const day of ["2026-11-20", "2026-11-21", "2026-11-22"]) await put(day, `conv_of_${day}`);

  /** Invokes the handler once. Returns what it logged, measured and threw. */
  async function invoke(more: Partial<CompactScheduleDeps> = {}, remainingMs = QUARTER_HOUR_MS) {
    const logged: LogEntry[] = [];
    const measured: Measurement[] = [];
    const handler = scheduleHandler({
      analytics,
      moveViews: async () => {},
      longestQuerySeconds: 0,
      closeAfterHours: 3,
      busySchedule: undefined,
      now: () => NOW,
      log: (entry) => void logged.push(entry),
      measure: (metrics) => void measured.push(...metrics),
      ...changes,
      ...more,
    });
    const thrown = await handler({}, aContext(remainingMs)).catch((error: unknown) => error);
    return { logged, metrics: Object.fromEntries(measured.map(({ name, value }) => [name, value])), measured, thrown };
  }
  return { analytics, put, invoke };
}

function aContext(remainingMs: number): Context {
  const context = { awsRequestId: "this invocation", getRemainingTimeInMillis: () => remainingMs };
  return context as Context;
}

const NOTHING = { DaysClosed: 0, DirtyShards: 0, OldestOpenDay: 7_200, UnreadableObjects: 0 };

test("the first run closes what may be closed, and measures how long ago the first open day ended", async () => {
  const { invoke } = await aSchedule();
  const { logged, measured, thrown } = await invoke();
  expect(logged).toEqual([
    { event: "closed", day: "2026-11-20", shards: 1 },
    { event: "closed", day: "2026-11-21", shards: 1 },
  ]);
  expect(measured).toEqual([
    { name: "DaysClosed", value: 2 },
    { name: "DirtyShards", value: 0 },
    { name: "OldestOpenDay", value: 7_200, unit: "Seconds" },
    { name: "UnreadableObjects", value: 0 },
  ]);
  expect(thrown).toBeUndefined();
});

test("a run with nothing to do logs nothing, and still measures", async () => {
  const { invoke } = await aSchedule();
  await invoke();
  expect(await invoke()).toMatchObject({ logged: [], metrics: NOTHING, thrown: undefined });
});

test("a closed day that changed is rebuilt once", async () => {
  const { analytics, put, invoke } = await aSchedule();
  await invoke();
  await put("2026-11-20", "conv_late");
  await putDirtyMarkers(analytics, ["2026-11-20"], "conv_late", NOW);
  expect(await invoke()).toMatchObject({
    logged: [{ event: "rewritten", day: "2026-11-20", shards: 1 }],
    metrics: { ...NOTHING, DirtyShards: 1 },
  });
  expect(await invoke()).toMatchObject({ logged: [], metrics: NOTHING });
});

test("a late call of an open day is in it when it is closed, without a rebuild", async () => {
  const { analytics, invoke } = await aSchedule();
  await putDirtyMarkers(analytics, ["2026-11-20"], "conv_of_2026-11-20", NOW);
  expect(await invoke()).toMatchObject({ metrics: { ...NOTHING, DaysClosed: 2 } });
  expect(await invoke()).toMatchObject({ logged: [], metrics: NOTHING });
});

test("while another compactor works, a run does nothing and measures nothing", async () => {
  const { analytics, invoke } = await aSchedule();
  const lease = { holder: "another invocation", until: "2026-11-23T02:10:00Z" };
  const state = { first_live_day: "2026-11-21", changed: {}, views: null, days: {}, lease };
  await analytics.put(STATE_KEY, Buffer.from(JSON.stringify(state)));
  const { logged, measured, thrown } = await invoke();
  const reason = "the compaction state is leased by another invocation until 02:10:00 UTC (600 s left)";
  expect(logged).toEqual([{ event: "busy", reason }]);
  expect([measured, thrown]).toEqual([[], undefined]);
  const later = new Date("2026-11-23T02:11:00Z");
  expect(await invoke({ now: () => later })).toMatchObject({ metrics: { DaysClosed: 1 } });
});

test("an unreadable object counts in each run until it is replaced", async () => {
  const { analytics, put, invoke } = await aSchedule();
  const key = liveKey("turns", "2026-11-20/10", "conv_of_2026-11-20");
  await analytics.put(key, Buffer.from("not Parquet"));
  const unreadable = { event: "unreadable", day: "2026-11-20", keys: [key] };
  const first = await invoke();
  const failed = { event: "failed", reason: "1 live objects cannot be read" };
  expect(first).toMatchObject({ metrics: { DaysClosed: 2, UnreadableObjects: 1 } });
  expect(first.thrown).toBeInstanceOf(ClosedDaysIncomplete);
  expect(first.logged).toContainEqual(unreadable);
  for (let run = 0; run < 2; run += 1) {
    expect(await invoke()).toMatchObject({
      logged: [unreadable, failed],
      metrics: { ...NOTHING, UnreadableObjects: 1 },
    });
  }
  await put("2026-11-20", "conv_of_2026-11-20");
  await putDirtyMarkers(analytics, ["2026-11-20"], "conv_of_2026-11-20", NOW);
  expect(await invoke()).toMatchObject({ metrics: { ...NOTHING, DirtyShards: 1 }, thrown: undefined });
});

test("a day that cannot be read fails the run, which still measures the days that it closed", async () => {
  const { analytics, invoke } = await aSchedule();
  const get = (key: string) =>
    key.includes("dt=2026-11-21") ? Promise.reject(new Error("S3 is away")) : analytics.get(key);
  const { logged, metrics, thrown } = await invoke({ analytics: { ...analytics, get } });
  expect(logged).toEqual([
    { event: "closed", day: "2026-11-20", shards: 1 },
    { event: "failed", reason: "2026-11-21: S3 is away" },
  ]);
  // The 21st stays open. It ended 26 hours ago.
  expect(metrics).toEqual({ ...NOTHING, DaysClosed: 1, OldestOpenDay: 26 * 3_600 });
  expect(thrown).toMatchObject({ message: "2026-11-21: S3 is away" });
  expect(await invoke()).toMatchObject({ metrics: { ...NOTHING, DaysClosed: 1 }, thrown: undefined });
});

test("views that do not move fail the run, and days that they still read live count as open", async () => {
  const { invoke } = await aSchedule();
  await invoke();
  const dayLater = new Date("2026-11-23T05:00:00Z");
  const moveViews = () => Promise.reject(new Error("Athena is away"));
  const { metrics, thrown } = await invoke({ moveViews, now: () => dayLater });
  expect(metrics).toMatchObject({ DaysClosed: 1, OldestOpenDay: 5 * 3_600 });
  expect(thrown).toMatchObject({ message: "the views: Athena is away" });
  expect(await invoke({ now: () => dayLater })).toMatchObject({ metrics: { OldestOpenDay: 0 }, thrown: undefined });
});

test("a state that cannot be read fails the run, which measures nothing", async () => {
  const { analytics, invoke } = await aSchedule();
  const get = () => Promise.reject(new Error("S3 is away"));
  const { logged, measured, thrown } = await invoke({ analytics: { ...analytics, get } });
  expect([logged, measured]).toEqual([[{ event: "failed", reason: "S3 is away" }], []]);
  expect(thrown).toMatchObject({ message: "S3 is away" });
});

test("a run that loses its lease to another one fails and logs the reason", async () => {
  const { analytics, invoke } = await aSchedule();
  const put: typeof analytics.put = (key, ...rest) =>
    key.startsWith("days/") ? Promise.reject(new PreconditionFailed(key)) : analytics.put(key, ...rest);
  const { logged, thrown } = await invoke({ analytics: { ...analytics, put } });
  expect(logged).toEqual([{ event: "failed", reason: expect.stringContaining("was changed by another writer") }]);
  expect(thrown).toBeInstanceOf(PreconditionFailed);
});

test("with little time left, no shard is begun, and a day that is late fails the run; the next run begins it", async () => {
  const { analytics, invoke } = await aSchedule();
  const { logged, metrics, thrown } = await invoke({}, 5 * 60 * 1000);
  // A day may be closed after 3 hours, and is late after 6.
  expect(logged).toEqual([{ event: "failed", reason: "the first open day ended more than 6 hours ago" }]);
  expect(thrown).toBeInstanceOf(ClosedDaysIncomplete);
  expect(metrics).toMatchObject({ DaysClosed: 0, DirtyShards: 0 });
  expect([...analytics.objects.keys()].filter((key) => key.startsWith("days/"))).toEqual([]);
  expect(await invoke()).toMatchObject({ metrics: { ...NOTHING, DaysClosed: 2 } });
});

test("a day that is still open six hours after its end fails the run", async () => {
  const { invoke } = await aSchedule();
  await invoke();
  const thrownAt = async (time: string) => (await invoke({ now: () => new Date(time) }, 60_000)).thrown;
  expect(await thrownAt("2026-11-23T06:00:00Z")).toBeUndefined();
  expect(await thrownAt("2026-11-23T06:00:01Z")).toMatchObject({
    message: "the first open day ended more than 6 hours ago",
  });
});
