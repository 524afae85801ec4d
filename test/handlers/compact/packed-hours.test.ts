import { expect, test } from "vitest";
import { PreconditionFailed } from "../../../handlers/clients/archive/archive.ts";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { liveKey, packKey } from "../../../queries/tables/table.ts";
import { aCall, aCompactor, putLive, rowsIn } from "../../support/fixtures/compacting.ts";
import { crashAfter } from "../../support/fixtures/crash-after.ts";

type Compactor = ReturnType<typeof aCompactor>;

const TODAY = "2026-11-05";
const TABLES = ["conversations", "turns"];

/** A quarter past eleven: the hours from 00 to 10 may be packed. */
const NOON = new Date(`${TODAY}T11:15:00Z`);

const packing = (now = NOON) => ({ now: () => now, packedFromCalls: 2 });

function after(minutes: number, from = NOON): Date {
  return new Date(from.getTime() + 60_000 * minutes);
}

/** Calls of today in the hours 08, 10 and 11, of which the last is not over. */
async function aDay(): Promise<Compactor> {
  const compactor = aCompactor();
  for (const [id, hour] of [
    ["conv_a", "08"],
    ["conv_b", "08"],
    ["conv_c", "10"],
    ["conv_d", "11"],
  ] as const)
    await putLive(compactor.analytics, aCall(id, TODAY, 2, hour));
  return compactor;
}

const ALL = ["conv_a", "conv_b", "conv_c", "conv_d"];

async function packs({ analytics }: Compactor, table = "turns"): Promise<string[]> {
  return [...analytics.objects.keys()].filter((key) => key.startsWith(`hours/${table}/`)).sort();
}

/** The ids that each view shows, each once. */
async function seen({ ids }: Compactor) {
  return { conversations: await ids("conversations"), turns: [...new Set(await ids("turns"))] };
}

/** The number of rows that each view shows. */
async function counts({ ids }: Compactor) {
  return Promise.all(TABLES.map(async (table) => (await ids(table)).length));
}

/** The same store, and which live objects are read from it. */
function watch(analytics: Compactor["analytics"]) {
  const keys: string[] = [];
  const get = (key: string) => {
    keys.push(key);
    return analytics.get(key);
  };
  return { watched: { ...analytics, get }, read: () => keys.filter((key) => key.startsWith("live/")).sort() };
}

test("packs the finished hours of the running day, and the views read each hour once", async () => {
  const compactor = await aDay();
  const done = await compactor.compact(packing());
  expect(done.days.map(({ day, did }) => [day, did])).toEqual([
    [`${TODAY}/08`, "packed"],
    [`${TODAY}/10`, "packed"],
  ]);
  expect(await packs(compactor)).toEqual([packKey("turns", TODAY, 1), packKey("turns", TODAY, 2)]);
  expect(compactor.statements.get("turns")).toContain(
    `from turns_hours where dt = '${TODAY}' and pack in (1, 2)\nunion all`,
  );
  expect(compactor.statements.get("turns")).toMatch(
    new RegExp(
      `from turns_live where \\(dt >= '${TODAY}'\\) and not \\(dt = '${TODAY}' and hr in \\('08', '10'\\)\\)$`,
    ),
  );
  expect(await seen(compactor)).toEqual({ conversations: ALL, turns: ALL });
  expect(await counts(compactor)).toEqual([4, 8]);
  expect((await rowsIn(compactor.analytics, "hours", "turns")).length).toBe(6);
});

test("a day with few calls is read live, and its views name no hour", async () => {
  const compactor = await aDay();
  const done = await compactor.compact({ ...packing(), packedFromCalls: 4 });
  expect([done.days, await packs(compactor)]).toEqual([[], []]);
  expect(compactor.statements.get("turns")).not.toContain("turns_hours");
  expect((await compactor.compact({ ...packing(), packedFromCalls: 4 })).isIdle).toBe(true);
});

test("calls of an hour that is not over for a quarter of an hour do not count, and are not packed", async () => {
  const compactor = await aDay();
  await compactor.compact({ now: () => new Date(`${TODAY}T11:14:59Z`), packedFromCalls: 3 });
  expect(await packs(compactor)).toEqual([]);
  await compactor.compact({ now: () => NOON, packedFromCalls: 3 });
  expect((await packs(compactor)).length).toBe(2);
});

test("a second run finds nothing to do, and reads no live object", async () => {
  const compactor = await aDay();
  await compactor.compact(packing());
  const before = compactor.analytics.objects.get(STATE_KEY)?.etag;
  const done = await compactor.compact(packing());
  expect([done.isIdle, compactor.analytics.objects.get(STATE_KEY)?.etag]).toEqual([true, before]);
});

test("a late call, a changed one and a deleted one are in the next pack, which reads only their live objects", async () => {
  const compactor = await aDay();
  const { analytics, compact } = compactor;
  await compact(packing());
  await putLive(analytics, aCall("conv_late", TODAY, 3, "08"));
  await putLive(analytics, aCall("conv_a", TODAY, 1, "08"));
  for (const table of TABLES) await analytics.delete(liveKey(table, `${TODAY}/08`, "conv_b"));
  for (const id of ["conv_late", "conv_a", "conv_b"]) await putDirtyMarkers(analytics, [`${TODAY}/08`], id, NOON);
  const { read, watched } = watch(analytics);
  await compact({ ...packing(), analytics: watched });
  expect(read()).toEqual(
    TABLES.flatMap((table) => ["conv_a", "conv_late"].map((id) => liveKey(table, `${TODAY}/08`, id))),
  );
  expect(await Array.fromAsync(analytics.list("compaction/dirty/"))).toEqual([]);
  const now = ["conv_a", "conv_c", "conv_d", "conv_late"];
  expect(await seen(compactor)).toEqual({ conversations: now, turns: now });
  expect(await counts(compactor)).toEqual([4, 8]);
});

test("the pack of a changed hour is the same as if it was packed only now", async () => {
  const changed = await aDay();
  await changed.compact(packing());
  const fresh = await aDay();
  for (const compactor of [changed, fresh]) {
    await putLive(compactor.analytics, aCall("conv_late", TODAY, 3, "08"));
    await putDirtyMarkers(compactor.analytics, [`${TODAY}/08`], "conv_late", NOON);
    await compactor.compact(packing());
  }
  for (const table of TABLES) {
    const [again, once] = [packKey(table, TODAY, 3), packKey(table, TODAY, 1)];
    expect(changed.analytics.objects.get(again)?.body).toEqual(fresh.analytics.objects.get(once)?.body);
  }
});

test("a pack that was replaced is kept until no query can read it", async () => {
  const compactor = await aDay();
  const { analytics, compact, state } = compactor;
  await compact(packing());
  await putDirtyMarkers(analytics, [`${TODAY}/08`], "conv_a", NOON);
  await compact(packing());
  const replaced = packKey("turns", TODAY, 1);
  expect(await packs(compactor)).toContain(replaced);
  expect((await state()).retired).toEqual({ [`dt=${TODAY}/pack=1/`]: NOON.toISOString() });
  await compact(packing(after(9)));
  expect(await packs(compactor)).toContain(replaced);
  await compact(packing(after(10)));
  expect(await packs(compactor)).toEqual([packKey("turns", TODAY, 2), packKey("turns", TODAY, 3)]);
  expect((await state()).retired).toEqual({});
  expect((await compact(packing(after(10)))).isIdle).toBe(true);
});

test("an hour whose calls are all gone has no pack, and its rows are deleted with the earlier pack", async () => {
  const compactor = await aDay();
  const { analytics, compact } = compactor;
  await compact(packing());
  for (const id of ["conv_a", "conv_b"]) {
    for (const table of TABLES) await analytics.delete(liveKey(table, `${TODAY}/08`, id));
    await putDirtyMarkers(analytics, [`${TODAY}/08`], id, NOON);
  }
  await compact(packing());
  expect(await seen(compactor)).toEqual({ conversations: ["conv_c", "conv_d"], turns: ["conv_c", "conv_d"] });
  await compact(packing(after(10)));
  expect(await packs(compactor)).toEqual([packKey("turns", TODAY, 2)]);
});

test("a day that is closed has no packs, and its parts are those of a day that was never packed", async () => {
  const closedAt = { now: () => new Date("2026-11-06T03:00:00Z"), packedFromCalls: 2 };
  const [packed, plain] = [await aDay(), await aDay()];
  await packed.compact(packing());
  const { read, watched } = watch(packed.analytics);
  await packed.compact({ ...closedAt, analytics: watched });
  expect(read()).toEqual(TABLES.map((table) => liveKey(table, `${TODAY}/11`, "conv_d")));
  await plain.compact(closedAt);
  expect([...packed.parts()]).toEqual([...plain.parts()]);
  expect(packed.parts().size).toBe(2);
  expect(await seen(packed)).toEqual({ conversations: ALL, turns: ALL });
  const { hours, retired } = await packed.state();
  expect([hours, Object.keys(retired)]).toEqual([{}, [`dt=${TODAY}/`]]);
  await packed.compact({ ...closedAt, now: () => after(10, closedAt.now()) });
  expect(await packs(packed)).toEqual([]);
});

test("a call that changes while its day is closed is in the closed day after the next run", async () => {
  const compactor = await aDay();
  const { analytics, compact } = compactor;
  await compact(packing());
  await putLive(analytics, aCall("conv_late", TODAY, 1, "08"));
  await putDirtyMarkers(analytics, [`${TODAY}/08`], "conv_late", NOON);
  await compact({ ...packing(new Date("2026-11-06T03:00:00Z")) });
  const now = [...ALL, "conv_late"];
  expect(await seen(compactor)).toEqual({ conversations: now, turns: now });
  expect(await counts(compactor)).toEqual([5, 9]);
});

test("packs that are damaged or gone are not trusted: the live objects are read", async () => {
  const compactor = await aDay();
  const { analytics, compact } = compactor;
  await compact(packing());
  await analytics.put(packKey("turns", TODAY, 1), Buffer.from("PAR1 is not enough"));
  await analytics.delete(packKey("conversations", TODAY, 2));
  await compact(packing(new Date("2026-11-06T03:00:00Z")));
  expect(await seen(compactor)).toEqual({ conversations: ALL, turns: ALL });
});

test("without a state, hours are packed under new numbers, and the earlier packs go with their day", async () => {
  const compactor = await aDay();
  const { analytics, compact } = compactor;
  await compact(packing());
  await analytics.delete(STATE_KEY);
  await compact(packing());
  expect(await packs(compactor)).toEqual([1, 2, 3, 4].map((pack) => packKey("turns", TODAY, pack)));
  expect(await counts(compactor)).toEqual([4, 8]);
  await analytics.delete(STATE_KEY);
  const closing = new Date("2026-11-06T03:00:00Z");
  await compact(packing(closing));
  await compact(packing(after(10, closing)));
  expect(await packs(compactor)).toEqual([]);
  expect(await counts(compactor)).toEqual([4, 8]);
});

test("a compactor that lost its lease adds nothing to the pack of its successor", async () => {
  const compactor = await aDay();
  const { analytics, compact } = compactor;
  let isOvertaken = false;
  const slow = {
    ...analytics,
    async put(...args: Parameters<typeof analytics.put>) {
      if (args[0].startsWith("hours/") && !isOvertaken) {
        isOvertaken = true;
        await compact(packing(after(2)));
      }
      return analytics.put(...args);
    },
  };
  await expect(compact({ ...packing(), analytics: slow })).rejects.toThrow(PreconditionFailed);
  expect(await packs(compactor)).toEqual([packKey("turns", TODAY, 1), packKey("turns", TODAY, 2)]);
  expect(await counts(compactor)).toEqual([4, 8]);
});

test("a live object that cannot be read is named, and is in the pack after it was written again", async () => {
  const compactor = await aDay();
  const { analytics, compact } = compactor;
  const key = liveKey("turns", `${TODAY}/08`, "conv_a");
  await analytics.put(key, Buffer.from("no Parquet"));
  expect((await compact(packing())).unreadable).toEqual({ [TODAY]: [key] });
  await putLive(analytics, aCall("conv_a", TODAY, 2, "08"));
  await putDirtyMarkers(analytics, [`${TODAY}/08`], "conv_a", NOON);
  expect((await compact(packing())).unreadable).toEqual({});
  expect(await counts(compactor)).toEqual([4, 8]);
});

/** Packed hours with a late call and a deleted one, an hour to pack, and a day to close with packs. */
async function newWork(): Promise<Compactor> {
  const compactor = await aDay();
  const { analytics, compact } = compactor;
  await putLive(analytics, aCall("conv_x", "2026-11-04", 1, "22"));
  await putLive(analytics, aCall("conv_y", "2026-11-04", 1, "22"));
  await compact(packing(new Date(`${TODAY}T02:00:00Z`)));
  await compact({ ...packing(new Date(`${TODAY}T09:15:00Z`)), closeAfterHours: 24 });
  await putLive(analytics, aCall("conv_late", TODAY, 1, "08"));
  for (const table of TABLES) await analytics.delete(liveKey(table, `${TODAY}/08`, "conv_b"));
  for (const id of ["conv_late", "conv_b"]) await putDirtyMarkers(analytics, [`${TODAY}/08`], id, NOON);
  await putLive(analytics, aCall("conv_e", TODAY, 1, "09"));
  return compactor;
}

const WORK = await newWork();

async function pendingWork(): Promise<Compactor> {
  const copy = aCompactor();
  for (const { key, body, metadata } of WORK.analytics.objects.values()) {
    await copy.analytics.put(key, body, { metadata });
  }
  for (const sql of WORK.statements.values()) await copy.moveView(sql);
  return copy;
}

async function killedAfter(effects: number, { analytics, compact, moveView }: Compactor, now: Date): Promise<boolean> {
  const { hasCrashed, ...services } = crashAfter(analytics, moveView, effects);
  await compact({ ...services, ...packing(now), packedFromCalls: 1 }).catch(() => {});
  return hasCrashed();
}

const BEFORE = ["conv_a", "conv_b", "conv_c", "conv_d", "conv_e", "conv_x", "conv_y"];
const AFTER = ["conv_a", "conv_c", "conv_d", "conv_e", "conv_late", "conv_x", "conv_y"];

test("the work to be killed has every case", async () => {
  const { state } = await pendingWork();
  const { hours, first_live_day } = await state();
  expect([Object.keys(hours).sort(), first_live_day]).toEqual([["2026-11-04", TODAY], "2026-11-04"]);
  expect(await seen(await pendingWork())).toEqual({ conversations: BEFORE, turns: BEFORE });
});

test("after one or two kills between any two effects, readers see each row once, and the next runs end the work", async () => {
  for (let first = 0, hasCrashed = true; hasCrashed; first += 1) {
    for (const second of [0, 1, 2, 5, 11, 17, 23, 40]) {
      const compactor = await pendingWork();
      const told = `after ${first} and ${second}`;
      const check = async () => {
        for (const table of TABLES) {
          const shown = await compactor.ids(table);
          const once = table === "turns" ? [...new Set(shown)] : shown;
          expect([BEFORE, AFTER], `${table} ${told}`).toContainEqual(once);
        }
      };
      hasCrashed = await killedAfter(first, compactor, NOON);
      await check();
      await killedAfter(second, compactor, after(2));
      await check();
      await compactor.compact({ ...packing(after(4)), packedFromCalls: 1 });
      expect(await seen(compactor), told).toEqual({ conversations: AFTER, turns: AFTER });
      expect(await counts(compactor), told).toEqual([7, 10]);
      await compactor.compact({ ...packing(after(20)), packedFromCalls: 1 });
      expect(await counts(compactor), told).toEqual([7, 10]);
      expect(await Array.fromAsync(compactor.analytics.list("compaction/dirty/")), told).toEqual([]);
      expect((await compactor.compact({ ...packing(after(20)), packedFromCalls: 1 })).isIdle, told).toBe(true);
    }
  }
});
