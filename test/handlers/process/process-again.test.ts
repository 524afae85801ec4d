import { expect, test } from "vitest";
import type { Archive } from "../../../handlers/clients/archive/archive.ts";
import { LeaseHeld } from "../../../handlers/clients/lease.ts";
import type { Memory } from "../../../handlers/clients/memory/memories.ts";
import { ObjectChanged } from "../../../handlers/process/process.ts";
import { anAudio, aTranscription, metadataWith, START } from "../../support/fixtures/events.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";

test("does nothing for a repeated delivery", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  const before = world.snapshot();
  expect(await world.take(aTranscription())).toEqual({ outcome: "duplicate" });
  expect(await world.process(KEY)).toEqual({ outcome: "duplicate" });
  expect(world.snapshot()).toEqual(before);
});

test("does all steps again for an upload of the same bytes, without changing any output", async () => {
  const world = aWorld();
  await world.take(anAudio());
  await world.take(aTranscription());
  const before = world.snapshot();
  await world.archive.rePut(KEY);
  const later = () => new Date("2027-03-01T00:00:00Z");
  expect(await world.process(KEY, { now: later })).toMatchObject({ steps: ["audio", "rows", "memory"] });
  expect(world.snapshot()).toEqual(before);
});

test("replaces the rows and memories of a call when a person uploads other bytes", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  const moved = metadataWith({ start_time_unix_secs: START - 86_400 });
  await world.archive.put(KEY, aTranscription({ metadata: moved, transcript: [] }));
  await world.process(KEY);
  expect(await Array.fromAsync(world.analytics.list("live/"))).toMatchObject([
    { key: "live/conversations/dt=2026-11-19/hr=10/conv_1.parquet" },
  ]);
  expect(await world.rows("conversations")).toMatchObject([{ turn_count: 0, source: "re-upload" }]);
  expect(world.memories.all.map(({ type }) => type)).toEqual(["factual"]);
});

test("deletes the memories under the previous caller", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  const corrected = metadataWith({ phone_call: { external_number: "+12025550177" } });
  await world.archive.put(KEY, aTranscription({ metadata: corrected }));
  await world.process(KEY);
  expect(new Set(world.memories.all.map(({ user_id }) => user_id))).toEqual(new Set(["+12025550177"]));
});

test("a retry does only the failed steps", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const broken = { ...world.memories, add: () => Promise.reject(new Error("Mem0 is down")) };
  await expect(world.process(key, { memories: broken })).rejects.toThrow("memory: Mem0 is down");
  expect(await world.rows("conversations")).toHaveLength(1);
  expect(await world.process(key)).toMatchObject({ outcome: "processed", steps: ["memory"] });
  expect(world.memories.all).toHaveLength(2);
});

test("adds each memory once when an add fails halfway or at its end", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const { add } = world.memories;
  const failingAfter = (adds: number) => ({
    ...world.memories,
    async add(memory: Parameters<typeof add>[0]) {
      await add(memory);
      adds -= 1;
      if (adds <= 0) throw new Error("cut");
      return "added" as const;
    },
  });
  for (const adds of [1, 2]) {
    await expect(world.process(key, { memories: failingAfter(adds) })).rejects.toThrow("cut");
  }
  await world.process(key);
  expect(world.memories.all.map(({ type }) => type)).toEqual(["factual", "semantic"]);
});

test("processes a conversation only after another processor's lease has expired", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const dying = dyingBeforeItsEnd(world.archive);
  await expect(world.process(key, { archive: dying })).rejects.toThrow();
  await expect(world.process(key)).rejects.toThrow(LeaseHeld);
  await expect(world.process(key)).rejects.toThrow("conv_1 is leased by test until 10:06:00 UTC (60 s left)");
  const later = () => new Date(NOW.getTime() + 60_000);
  expect(await world.process(key, { now: later })).toMatchObject({ outcome: "processed" });
  expect(world.memories.all).toHaveLength(2);
});

test("takes the lease at once if the process is exclusive", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const dying = dyingBeforeItsEnd(world.archive);
  await expect(world.process(key, { archive: dying })).rejects.toThrow();
  const leaseOptions = { holder: "next", seconds: 60, isExclusive: true };
  expect(await world.process(key, { leaseOptions })).toMatchObject({ outcome: "processed" });
});

test("replaces the rows that a processor wrote under another day after it lost its lease", async () => {
  const world = aWorld();
  const older = metadataWith({ start_time_unix_secs: START - 86_400 });
  const key = await world.delivered(aTranscription({ metadata: older }));
  const later = () => new Date(NOW.getTime() + 60_000);
  const overtaken = async (...args: Parameters<typeof world.analytics.put>) => {
    if (args[0].startsWith("live/conversations/dt=2026-11-19")) {
      await world.delivered(aTranscription());
      await world.process(key, { now: later });
    }
    return world.analytics.put(...args);
  };
  const slow = { ...world.analytics, put: overtaken };
  await expect(world.process(key, { analytics: slow })).rejects.toThrow("was changed by another writer");
  expect(await world.rows("conversations")).toHaveLength(2);
  expect(await world.process(key)).toMatchObject({ outcome: "processed", steps: ["audio", "rows", "memory"] });
  expect(await world.rows("conversations")).toMatchObject([{ started_at: new Date(START * 1000) }]);
  expect(world.memories.all).toHaveLength(2);
});

test("a processor that lost its lease withdraws its record, also if another write intervenes", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const later = () => new Date(NOW.getTime() + 60_000);
  let indexes = 0;
  const put: Archive["put"] = async (at, ...rest) => {
    if (at.startsWith("_index/")) indexes += 1;
    if (indexes === 2) await world.process(key, { now: later });
    if (indexes === 3) await world.archive.put(at, Buffer.from(`${(await world.archive.get(at))?.body} `));
    return world.archive.put(at, ...rest);
  };
  await expect(world.process(key, { archive: { ...world.archive, put } })).rejects.toThrow("another writer");
  const { objects } = JSON.parse(`${(await world.archive.get("_index/conv_1"))?.body}`);
  expect([indexes, objects[key].done]).toEqual([4, []]);
});

test("does all steps again for the message of a processor that lost its lease and crashed", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const later = () => new Date(NOW.getTime() + 60_000);
  const overtaken = async (memory: Memory) => {
    await world.process(key, { now: later });
    await world.memories.add(memory);
    throw new Error("killed");
  };
  const dying = dyingBeforeItsEnd(world.archive);
  const memories = { ...world.memories, add: overtaken };
  await expect(world.process(key, { archive: dying, memories })).rejects.toThrow("killed");
  expect(world.memories.all).toHaveLength(3);
  expect(await world.process(key)).toMatchObject({ steps: ["audio", "rows", "memory"] });
  expect(world.memories.all).toHaveLength(2);
  expect(await world.process(key)).toEqual({ outcome: "duplicate" });
});

test("only one of several processors that start at once does the steps", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => world.process(key)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(world.memories.all).toHaveLength(2);
});

test("fails if the object was replaced meanwhile, and the retry processes the new one", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const add = async (memory: Parameters<typeof world.memories.add>[0]) => {
    await world.archive.put(key, aTranscription({ status: "failed" }), { metadata: { source: "webhook" } });
    return world.memories.add(memory);
  };
  await expect(world.process(key, { memories: { ...world.memories, add } })).rejects.toThrow(ObjectChanged);
  await world.process(key);
  expect(await world.rows("conversations")).toMatchObject([{ status: "failed" }]);
  expect(world.memories.all).toHaveLength(2);
});

/** `archive` for a processor that takes the lease, does all steps, and crashes before it records them. */
function dyingBeforeItsEnd(archive: Archive): Archive {
  let indexes = 0;
  const put: Archive["put"] = async (key, ...rest) => {
    if (key.startsWith("_index/") && ++indexes > 1) throw new Error("killed");
    return archive.put(key, ...rest);
  };
  return { ...archive, put };
}
