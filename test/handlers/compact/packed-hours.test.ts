import { expect, test } from "vitest";
import { PreconditionFailed } from "../../../handlers/clients/archive/archive.ts";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { liveKey, packKey } from "../../../queries/tables/table.ts";
import { aCall, putLive, rowsIn } from "../../support/fixtures/compacting.ts";
import {
  aDay,
  after,
  type Compactor,
  counts,
  NOON,
  packing,
  seen,
  TABLES,
  TODAY,
} from "../../support/fixtures/packed-hours.ts";

const ALL = ["conv_a", "conv_b", "conv_c", "conv_d"];

async function packs({ analytics }: Compactor, table = "turns"): Promise<string[]> {
  return [...analytics.objects.keys()].filter((key) => key.startsWith(`hours/${table}/`)).sort();
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
  await putLive(analytics, aCall("conv_same", TODAY, 2, "08"));
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
  const now = ["conv_a", "conv_c", "conv_d", "conv_late", "conv_same"];
  expect(await seen(compactor)).toEqual({ conversations: now, turns: now });
  expect(await counts(compactor)).toEqual([5, 10]);
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
  await compact(packing(after(59)));
  expect(await packs(compactor)).toContain(replaced);
  await compact(packing(after(60)));
  expect(await packs(compactor)).toEqual([packKey("turns", TODAY, 2), packKey("turns", TODAY, 3)]);
  expect((await state()).retired).toEqual({});
  expect((await compact(packing(after(60)))).isIdle).toBe(true);
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
  await compact(packing(after(60)));
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
  await packed.compact({ ...closedAt, now: () => after(60, closedAt.now()) });
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
  await compact(packing(after(60, closing)));
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
