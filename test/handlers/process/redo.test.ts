import { expect, test } from "vitest";
import { isProcessed } from "../../../handlers/process/is-processed.ts";
import { aTranscription, MP3 } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";

test("redoes the steps in the metadata of an upload of the same bytes, and no others", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.rePut(KEY, "rows,memory");
  expect(await isProcessed(KEY, world.archive)).toBe(false);
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed", steps: ["rows", "memory"] });
  expect(await isProcessed(KEY, world.archive)).toBe(true);
  expect(world.memories.all).toHaveLength(2);
});

test("redoing audio writes the row of a recording that was stored meanwhile, and adds no memory", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.put("12025550101/conv_1.mp3", MP3, { metadata: { source: "api", sha256: "its own" } });
  const remembered = [...world.memories.all];
  const memories = { ...world.memories, add: () => Promise.reject(new Error("no memory should be added")) };
  await world.archive.rePut(KEY, "audio");
  await world.process(KEY, { memories });
  expect(await world.rows("recordings")).toMatchObject([{ source: "api", audio_bytes: BigInt(MP3.length) }]);
  expect(world.memories.all).toEqual(remembered);
});

test("redoing a step also does the steps that were never done", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const memories = { ...world.memories, add: () => Promise.reject(new Error("Mem0 is down")) };
  await expect(world.process(key, { memories })).rejects.toThrow("Mem0 is down");
  await world.archive.rePut(key, "audio");
  expect(await world.process(key)).toMatchObject({ steps: ["audio", "memory"] });
});

test("redoes nothing if the metadata is none and all steps are done", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.rePut(KEY, "none");
  expect(await world.process(KEY)).toEqual({ outcome: "duplicate" });
});

test("does all steps for other bytes, regardless of their metadata", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.put(KEY, aTranscription({ status: "failed" }), { metadata: { redo: "none" } });
  expect(await world.process(KEY)).toMatchObject({ steps: ["audio", "rows", "memory"] });
});

test("records why a step failed, until it is done", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const memories = { ...world.memories, add: () => Promise.reject(new Error("no quota for +12025550101")) };
  await expect(world.process(key, { memories })).rejects.toThrow();
  const record = async () =>
    JSON.parse((await world.archive.get("_index/conv_1"))?.body.toString() ?? "").objects[key] as unknown;
  expect(await record()).toMatchObject({ done: ["audio", "rows"], failed: { memory: "no quota for ***01" } });
  await world.process(key);
  expect(await record()).not.toHaveProperty("failed");
});
