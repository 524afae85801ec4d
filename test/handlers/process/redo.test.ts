import { expect, test } from "vitest";
import { isProcessed } from "../../../handlers/process/is-processed.ts";
import { aTranscription, MP3 } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";

test("redoes the steps that an upload of the same bytes names, and no others", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.rePut(KEY, "rows,memory");
  expect(await isProcessed(KEY, world.archive)).toBe(false);
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed", steps: ["rows", "memory"] });
  expect(await isProcessed(KEY, world.archive)).toBe(true);
  expect(world.memories.all).toHaveLength(2);
});

test("has the row of a recording that was stored meanwhile written, and remembers nothing again", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.put("12025550101/conv_1.mp3", MP3, { metadata: { source: "api", sha256: "its own" } });
  const remembered = [...world.memories.all];
  const memories = { ...world.memories, add: () => Promise.reject(new Error("nobody should be asked")) };
  await world.archive.rePut(KEY, "audio");
  await world.process(KEY, { memories });
  expect(await world.rows("recordings")).toMatchObject([{ source: "api", audio_bytes: BigInt(MP3.length) }]);
  expect(world.memories.all).toEqual(remembered);
});

test("does what was never done, whatever is to be redone", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const memories = { ...world.memories, add: () => Promise.reject(new Error("Mem0 is down")) };
  await expect(world.process(key, { memories })).rejects.toThrow("Mem0 is down");
  await world.archive.rePut(key, "audio");
  expect(await world.process(key)).toMatchObject({ steps: ["audio", "memory"] });
});

test("redoes nothing if that is said, and finds nothing to do if all is done", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.rePut(KEY, "none");
  expect(await world.process(KEY)).toEqual({ outcome: "duplicate" });
});

test("does everything for other bytes, whatever their metadata says", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await world.archive.put(KEY, aTranscription({ status: "failed" }), { metadata: { redo: "none" } });
  expect(await world.process(KEY)).toMatchObject({ steps: ["audio", "rows", "memory"] });
});

test("has on record why a step failed, until it is done", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  const memories = { ...world.memories, add: () => Promise.reject(new Error("no room for +12025550101")) };
  await expect(world.process(key, { memories })).rejects.toThrow();
  const record = async () =>
    JSON.parse((await world.archive.get("_index/conv_1"))?.body.toString() ?? "").objects[key] as unknown;
  expect(await record()).toMatchObject({ done: ["audio", "rows"], failed: { memory: "no room for ***01" } });
  await world.process(key);
  expect(await record()).not.toHaveProperty("failed");
});
