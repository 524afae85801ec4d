import { expect, test } from "vitest";
import { putDirtyMarkers } from "../../../handlers/compact/dirty-markers.ts";
import { shardCount, shardOf } from "../../../handlers/compact/shards.ts";
import { liveObjects } from "../../queries/analytics-folder.ts";
import { aCall, aCompactor, DAYS, NOW, putLive, rowsIn } from "../../support/fixtures/compacting.ts";

const [DAY] = DAYS;

test("a day has a shard for each five thousand conversations, and at least one", () => {
  expect([0, 1, 5_000, 5_001, 10_000, 10_001].map(shardCount)).toEqual([1, 1, 1, 2, 2, 3]);
});

test("a conversation is always in the same shard, and shards have about the same size", () => {
  const shards = Map.groupBy(Array(4_000).keys(), (n) => shardOf(`conv_${n}`, 4));
  expect(shards.size).toBe(4);
  for (const { length } of shards.values()) expect(Math.abs(length - 1_000)).toBeLessThan(150);
  expect([1, 2, 3, 4].map((count) => shardOf("conv_1", count))).toEqual([0, 1, 1, 1]);
});

/** More calls than one part should hold, each with one row. A file of this table is small, so it is written fast. */
const MANY = liveObjects({
  variables: Array.from({ length: 5_001 }, (_, n) => ({ dt: DAY, conversation_id: `conv_${n}` })),
});

/** A closed day with these calls. */
async function aLargeDay() {
  const compactor = aCompactor();
  for (const { key, body } of MANY) await compactor.analytics.put(key, body);
  await compactor.compact();
  return compactor;
}

test("a large day is split, each call is in one part, and a change rewrites only the part of its call", async () => {
  const { analytics, compact, parts, ids, state } = await aLargeDay();
  const before = parts();
  expect([...before.keys()]).toEqual([0, 1].map((n) => `days/variables/dt=${DAY}/part-0${n}.parquet`));
  expect(new Set(await ids("variables")).size).toBe(5_001);
  expect(await rowsIn(analytics, "days", "variables")).toHaveLength(5_001);
  expect((await state()).days[DAY]).toMatchObject([{ objects: 2_486 }, { objects: 2_515 }]);

  const conv7 = { dt: DAY, conversation_id: "conv_7" };
  await putLive(analytics, { conversations: [conv7], variables: [{ ...conv7, value: "changed" }] });
  await putDirtyMarkers(analytics, [DAY], "conv_7", NOW);
  expect((await compact()).days).toMatchObject([{ shards: 1 }]);
  const changed = [...parts()].filter(([key, etag]) => before.get(key) !== etag).map(([key]) => key);
  const shard = shardOf("conv_7", 2);
  const rewritten = ["variables", "conversations"].map((table) => `days/${table}/dt=${DAY}/part-0${shard}.parquet`);
  expect(changed.toSorted()).toEqual(rewritten.toSorted());
  expect((await state()).days[DAY]?.map((each) => each?.conversations)).toEqual([0, 0].with(shard, 1));
});

test("a large day that changed in all shards is rebuilt one shard per run, if the time allows only one", async () => {
  const { analytics, compact, ids } = await aLargeDay();
  const late = Array.from({ length: 20 }, (_, n) => `late_${n}`);
  await putLive(analytics, { variables: late.map((conversation_id) => ({ dt: DAY, conversation_id })) });
  for (const name of late) await putDirtyMarkers(analytics, [DAY], name, NOW);
  const forOne = () => {
    let shards = 0;
    return { hasTime: () => ++shards <= 1 };
  };
  for (const isFinished of [false, true]) expect(await compact(forOne())).toMatchObject({ isFinished });
  expect(await ids("variables")).toHaveLength(5_021);

  await analytics.put(`compaction/dirty/dt=${DAY}/~day.1`, Buffer.alloc(0));
  for (const isFinished of [false, true]) expect(await compact(forOne())).toMatchObject({ isFinished });
  expect(await compact(forOne())).toMatchObject({ days: [] });
});

test("a day keeps its number of shards when calls are deleted and the state is lost", async () => {
  const { analytics, compact, ids, state } = await aLargeDay();
  for (const key of [...analytics.objects.keys()].filter((each) => each.startsWith("live/")).slice(3)) {
    await analytics.delete(key);
  }
  await analytics.delete("compaction/state.json");
  await compact();
  expect(await ids("variables")).toHaveLength(3);
  expect((await state()).days[DAY]).toHaveLength(2);
});

test("a call of twenty thousand turns is closed like any other", async () => {
  const { analytics, compact } = aCompactor();
  await putLive(analytics, aCall("conv_long", DAY, 20_000));
  await putLive(analytics, aCall("conv_short", DAY, 1));
  await compact();
  const turns = await rowsIn(analytics, "days", "turns");
  expect(turns.map(({ turn_index: n }) => n)).toEqual([...Array(20_000).keys(), 0]);
});
