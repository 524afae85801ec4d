import { expect, test } from "vitest";
import { sampleCalls } from "../../../infrastructure/samples/sample-calls.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { memoryArchive } from "../../support/doubles/memory-archive.ts";
import { aCall, aCompactor, DAYS, putLive, rowsIn } from "../../support/fixtures/compacting.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const [FIRST, SECOND, THIRD, YESTERDAY, TODAY] = DAYS;

test("closes each day that ended long enough ago, and makes the views read it", async () => {
  const { analytics, compact, views, parts, ids } = aCompactor();
  for (const [n, day] of DAYS.entries()) await putLive(analytics, aCall(`conv_${n}`, day));
  const done = await compact();
  expect(done).toMatchObject({ firstLiveDay: YESTERDAY, isFinished: true, unreadable: {} });
  expect(done.days).toMatchObject([FIRST, SECOND, THIRD].map((day) => ({ day, did: "closed", shards: 1 })));
  expect([...parts().keys()].sort()).toEqual(
    ["conversations", "turns"].flatMap((table) =>
      [FIRST, SECOND, THIRD].map((day) => `days/${table}/dt=${day}/part-00.parquet`),
    ),
  );
  for (const view of views.values()) expect(view).toEqual([YESTERDAY]);
  expect(await ids("conversations")).toEqual(DAYS.map((_, n) => `conv_${n}`));
});

test("closes a day the requested number of hours after its end, to the millisecond", async () => {
  for (const [now, firstLiveDay] of [
    ["2026-11-05T02:59:59.999Z", YESTERDAY],
    ["2026-11-05T03:00:00.000Z", TODAY],
  ] as const) {
    const { analytics, compact } = aCompactor();
    await putLive(analytics, aCall("conv_1", YESTERDAY));
    expect(await compact({ now: () => new Date(now) })).toMatchObject({ firstLiveDay });
  }
});

test("a day without calls is closed without parts, and so is an empty archive", async () => {
  const { analytics, compact, views, parts, state } = aCompactor();
  expect(await compact()).toMatchObject({ firstLiveDay: YESTERDAY, days: [] });
  const closed = { firstLiveDay: YESTERDAY, changed: [], packs: {} };
  const empty = { changed: {}, days: {}, hours: {}, retired: {} };
  expect(await state()).toEqual({ first_live_day: YESTERDAY, views: closed, ...empty });
  await putLive(analytics, aCall("conv_1", TODAY));
  expect(await compact({ now: () => new Date("2026-11-07T03:00:00Z") })).toMatchObject({ firstLiveDay: "2026-11-07" });
  expect(parts().size).toBe(2);
  expect(views.get("turns")).toEqual(["2026-11-07"]);
});

test("a run with nothing to do writes nothing", async () => {
  const { analytics, compact } = aCompactor();
  await putLive(analytics, aCall("conv_1", FIRST));
  await compact();
  const before = new Map(analytics.objects);
  expect(await compact()).toMatchObject({ days: [], firstLiveDay: YESTERDAY, isFinished: true });
  expect(new Map(analytics.objects)).toEqual(before);
});

test("the rows of a closed day are those of its live objects, in every table, value for value", async () => {
  const world = aWorld();
  for (const { bodies } of sampleCalls({ count: 60, seed: 3, until: new Date("2026-11-20T00:00:00Z") })) {
    for (const body of Object.values(bodies)) await world.take(Buffer.from(body));
  }
  const { compact } = aCompactor(world.analytics);
  await compact({ now: () => new Date("2026-12-01T00:00:00Z") });
  for (const { name } of TABLES) {
    const live = await world.rows(name);
    const closed = await rowsIn(world.analytics, "days", name);
    expect(new Set(closed.map(asText)), name).toEqual(new Set(live.map(asText)));
    expect(closed).toHaveLength(live.length);
  }
});

test("rows are in order of their conversations, calls in order of their start", async () => {
  const { analytics, compact } = aCompactor();
  for (const [id, hour] of [
    ["conv_b", "09"],
    ["conv_c", "08"],
    ["conv_a", "10"],
    ["conv_d", null],
  ] as const) {
    const { conversations = [], ...others } = aCall(id, FIRST);
    const started_at = hour && `${FIRST}T${hour}:00:00.000Z`;
    await putLive(analytics, { ...others, conversations: conversations.map((row) => ({ ...row, started_at })) });
  }
  await compact();
  const turns = await rowsIn(analytics, "days", "turns");
  expect(turns.map(({ conversation_id: id, turn_index: n }) => `${id} ${n}`)).toEqual(
    ["a", "b", "c", "d"].flatMap((id) => [`conv_${id} 0`, `conv_${id} 1`]),
  );
  const calls = await rowsIn(analytics, "days", "conversations");
  expect(calls.map(({ conversation_id: id }) => id)).toEqual(["conv_d", "conv_c", "conv_b", "conv_a"]);
});

test("compacting again, or rebuilding everything from the live objects, gives the same bytes", async () => {
  const { analytics, compact, parts, state } = aCompactor();
  for (const [n, day] of DAYS.entries()) await putLive(analytics, aCall(`conv_${n}`, day, 300));
  await compact();
  const first = parts();
  await compact({}, SECOND);
  expect(parts()).toEqual(first);

  const rebuilt = aCompactor(memoryArchive());
  const live = [...analytics.objects].filter(([key]) => key.startsWith("live/"));
  for (const [key, { body }] of live.reverse()) await rebuilt.analytics.put(key, body);
  await rebuilt.compact();
  expect(rebuilt.parts()).toEqual(first);
  expect(await rebuilt.state()).toEqual(await state());
});

test("continues where time ran out, day by day", async () => {
  const { analytics, compact, ids } = aCompactor();
  for (const [n, day] of DAYS.entries()) await putLive(analytics, aCall(`conv_${n}`, day));
  let shards = 0;
  const forTwo = { hasTime: () => ++shards <= 2 };
  expect(await compact(forTwo)).toMatchObject({ firstLiveDay: THIRD, isFinished: false });
  expect(await ids("turns")).toHaveLength(10);
  expect(await compact()).toMatchObject({ firstLiveDay: YESTERDAY, isFinished: true, days: [{ day: THIRD }] });
});

test("closes a requested day with the open days before it, and no later one", async () => {
  const { analytics, compact } = aCompactor();
  for (const [n, day] of DAYS.entries()) await putLive(analytics, aCall(`conv_${n}`, day));
  expect(await compact({}, SECOND)).toMatchObject({
    firstLiveDay: THIRD,
    days: [{ day: FIRST }, { day: SECOND }],
  });
});

function asText(row: Record<string, unknown>): string {
  const cells = Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(cells, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
}
