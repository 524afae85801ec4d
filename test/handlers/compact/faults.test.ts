import { expect, test } from "vitest";
import { PreconditionFailed } from "../../../handlers/clients/archive/archive.ts";
import { LeaseHeld } from "../../../handlers/clients/lease.ts";
import { CompactionFailed } from "../../../handlers/compact/compaction.ts";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { aCall, aCompactor, DAYS, NOW, putLive, rowsIn } from "../../support/fixtures/compacting.ts";
import { aTranscription } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const [FIRST, SECOND, THIRD, YESTERDAY] = DAYS;

/** A compactor with two calls a day and no closed day. */
async function openDays() {
  const compactor = aCompactor();
  for (const day of DAYS) {
    for (const name of ["a", "b"]) await putLive(compactor.analytics, aCall(`${name}_${day}`, day));
  }
  return compactor;
}

test.each([
  ["cut off", (body: Buffer) => body.subarray(0, body.length - 10)],
  ["empty", () => Buffer.alloc(0)],
  ["not Parquet", () => Buffer.from("<html>not what you think</html>")],
  ["without columns that we know", () => Buffer.from("PAR1PAR1")],
  ["overwritten in the middle", (body: Buffer) => Buffer.from(body).fill(0, 20, 120)],
])("a live object that is %s is reported, and only its own rows are missing", async (_, broken) => {
  const { analytics, compact, ids } = await openDays();
  const key = liveKey("turns", `${FIRST}/10`, `a_${FIRST}`);
  await analytics.put(key, broken((await analytics.get(key))?.body ?? Buffer.alloc(0)));
  const done = await compact();
  expect(done).toMatchObject({ firstLiveDay: YESTERDAY, unreadable: { [FIRST]: [key] } });
  expect(await ids("conversations")).toHaveLength(10);
  expect(await rowsIn(analytics, "days", "turns", (day) => day === FIRST)).toHaveLength(2);
  // Later runs that have nothing to do still report it.
  expect((await compact()).unreadable).toEqual({ [FIRST]: [key] });
});

test("reprocessing replaces an unreadable object, and its rows are back after the next run", async () => {
  const later = () => new Date("2026-12-01T04:00:00Z");
  const world = aWorld({ now: later });
  const raw = await world.delivered(aTranscription());
  await world.process(raw);
  const key = liveKey("turns", "2026-11-20/10", "conv_1");
  await world.analytics.put(key, Buffer.from("cut"));
  const { compact } = aCompactor(world.analytics);
  expect((await compact({ now: later })).unreadable).toEqual({ "2026-11-20": [key] });
  expect(await rowsIn(world.analytics, "days", "turns")).toEqual([]);

  await world.archive.rePut(raw);
  await world.process(raw);
  expect((await compact({ now: later })).unreadable).toEqual({});
  expect(await rowsIn(world.analytics, "days", "turns")).toHaveLength((await world.rows("turns")).length);
});

/** A store that fails every request for these keys. */
function failing(analytics: ReturnType<typeof aCompactor>["analytics"], keys: RegExp, error = new Error("SlowDown")) {
  const unless = <Args extends readonly [string, ...unknown[]], Result>(run: (...args: Args) => Promise<Result>) => {
    return (...args: Args) => (keys.test(args[0]) ? Promise.reject(error) : run(...args));
  };
  return { ...analytics, get: unless(analytics.get), put: unless(analytics.put), delete: unless(analytics.delete) };
}

test("an object that S3 fails to return is not taken for deleted: its day stays open", async () => {
  const { analytics, compact, views, parts } = await openDays();
  const error = await compact({ analytics: failing(analytics, new RegExp(`live/turns/dt=${SECOND}`)) }).catch((e) => e);
  expect(error).toBeInstanceOf(CompactionFailed);
  expect(error.message).toBe(`${SECOND}: SlowDown`);
  expect(error.done).toMatchObject({ firstLiveDay: SECOND, isFinished: false });
  expect(views.get("turns")).toEqual([SECOND]);
  expect([...parts().keys()].filter((key) => key.includes(THIRD))).toEqual([]);
  expect(await compact()).toMatchObject({ firstLiveDay: YESTERDAY, isFinished: true });
});

test("a changed day that cannot be rebuilt holds back neither other changed days nor the closing of days", async () => {
  const { analytics, compact, ids, views } = await openDays();
  await compact({ now: () => new Date(`${THIRD}T03:00:00Z`) });
  for (const day of [FIRST, SECOND]) {
    await putLive(analytics, aCall(`late_${day}`, day));
    await putDirtyMarkers(analytics, [day], `late_${day}`, NOW);
  }
  const broken = failing(analytics, new RegExp(`days/turns/dt=${FIRST}`));
  await expect(compact({ analytics: broken })).rejects.toThrow(`${FIRST}: SlowDown`);
  // A day that could not be rebuilt is still read live.
  expect(views.get("turns")).toEqual([YESTERDAY, FIRST]);
  expect(await ids("turns")).toHaveLength(24);
  expect((await compact()).days).toMatchObject([{ day: FIRST }]);
  expect(views.get("turns")).toEqual([YESTERDAY]);
  expect(await ids("turns")).toHaveLength(24);
});

test("the next run retries to remove a marker, and to move the views", async () => {
  const { analytics, compact, views } = await openDays();
  await compact();
  await putDirtyMarkers(analytics, [FIRST], "a", NOW);
  await expect(compact({ analytics: failing(analytics, /dirty/) })).rejects.toThrow(CompactionFailed);
  expect((await compact()).days).toMatchObject([{ day: FIRST }]);
  expect((await compact()).days).toEqual([]);

  const tomorrow = () => new Date("2026-11-06T03:00:00Z");
  const moveViews = () => Promise.reject(new Error("Athena is out"));
  const error = await compact({ now: tomorrow, moveViews }).catch((e) => e);
  expect(error.message).toBe("the views: Athena is out");
  expect(error.done).toMatchObject({ firstLiveDay: "2026-11-06", oldestOpenSeconds: 24 * 3_600 + 3 * 3_600 });
  expect(views.get("turns")).toEqual([YESTERDAY]);
  expect(await compact({ now: tomorrow })).toMatchObject({ days: [], oldestOpenSeconds: 0 });
  expect(views.get("turns")).toEqual(["2026-11-06"]);
});

test("of two compactors at once, one works and the other one finds the lease", async () => {
  const { compact, ids } = await openDays();
  const both = ["one", "other"].map((holder) => compact({ leaseOptions: { holder, seconds: 60, isExclusive: false } }));
  const settled = await Promise.allSettled(both);
  expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))).toEqual([expect.any(LeaseHeld)]);
  expect(await ids("turns")).toHaveLength(20);
});

test("a frozen compactor that wakes up overwrites nothing of the one that took over", async () => {
  const { analytics, compact, parts, state, views } = await openDays();
  let wake = () => {};
  const thawed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const slow = {
    ...analytics,
    async get(key: string) {
      const read = await analytics.get(key);
      if (key === liveKey("turns", `${FIRST}/10`, `b_${FIRST}`)) await thawed;
      return read;
    },
  };
  const frozen = compact({ analytics: slow }).catch((error: unknown) => error);
  await expect.poll(() => parts().size).toBe(1);
  await putLive(analytics, aCall(`b_${FIRST}`, FIRST, 7));
  await compact({ now: () => new Date(NOW.getTime() + 61_000) });
  const [left, known] = [parts(), await state()];
  wake();
  expect(await frozen).toBeInstanceOf(PreconditionFailed);
  expect([parts(), await state()]).toEqual([left, known]);
  expect(views.get("turns")).toEqual([YESTERDAY]);
  expect(await rowsIn(analytics, "days", "turns", (day) => day === FIRST)).toHaveLength(9);
});

test("a lost or damaged state is recomputed", async () => {
  const { analytics, compact, parts, state } = await openDays();
  await compact();
  const before = [parts(), await state()];
  for (const damage of [
    () => analytics.delete("compaction/state.json"),
    () => analytics.put("compaction/state.json", Buffer.from("{")),
  ]) {
    await damage();
    await compact();
    expect([parts(), await state()]).toEqual(before);
  }
});
