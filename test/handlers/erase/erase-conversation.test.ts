import { expect, test } from "vitest";
import type { Archive } from "../../../handlers/clients/archive/archive.ts";
import { type EraseDeps, eraseConversation } from "../../../handlers/erase/erase-conversation.ts";
import { erasuresOf } from "../../../handlers/erase/erasure.ts";
import { readIndex, writeIndex } from "../../../handlers/process/conversation-index.ts";
import { anAudio, aTranscription, MP3 } from "../../support/fixtures/events.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";

/** A processed call, and functions to erase it. */
async function aCall() {
  const world = aWorld();
  await world.take(aTranscription({ full_audio: MP3.toString("base64") }));
  await world.take(anAudio());
  const { analytics, memories } = world;
  const erasing: EraseDeps = { archive: world.archive, analytics, memories, isExclusive: false, now: () => NOW };
  async function erase(changes: Partial<EraseDeps> = {}) {
    const from = { ...erasing, ...changes };
    const [erasure] = await Array.fromAsync(erasuresOf({ conversation: "conv_1" }, world));
    return erasure && eraseConversation(erasure, "asked for", from);
  }
  const left = () =>
    [...world.archive.objects.keys(), ...analytics.objects.keys()].filter((key) => !/^(_index|compaction)\//.test(key));
  return { world, erase, left };
}

test("deletes nothing of a call whose lease a processor holds", async () => {
  const { world, erase, left } = await aCall();
  const before = left();
  const { index, etag } = await readIndex(world.archive, "conv_1");
  await writeIndex(
    world.archive,
    { ...index, lease: { holder: "x", until: new Date(NOW.getTime() + 1000).toISOString() } },
    etag,
  );
  expect(await erase()).toBe("locked");
  expect(left()).toEqual(before);
  expect((await readIndex(world.archive, "conv_1")).index.deleted).toBeUndefined();
});

test("is locked if a processor took the lease meanwhile, and after erasing, a delivery is not processed", async () => {
  const { world, erase, left } = await aCall();
  const put: Archive["put"] = async (key, ...rest) => {
    await world.archive.rePut(KEY);
    await world.process(KEY);
    return world.archive.put(key, ...rest);
  };
  expect(await erase({ archive: { ...world.archive, put } })).toBe("locked");
  expect(await erase()).toBe("erased");
  await world.delivered(aTranscription());
  expect(await world.process(KEY)).toEqual({ outcome: "deleted" });
  expect(left()).toEqual([KEY]);
  expect(world.memories.all).toEqual([]);
});

test("the next run completes the erasure after a crash at any step", async () => {
  for (let effects = 0; ; effects += 1) {
    const { world, erase, left } = await aCall();
    let ended = 0;
    const dying = (archive: Archive): Archive => {
      const doing = async <Result>(effect: () => Promise<Result>): Promise<Result> => {
        ended += 1;
        if (ended > effects) throw new Error("killed");
        return effect();
      };
      return {
        ...archive,
        put: (...args) => doing(() => archive.put(...args)),
        delete: (key) => doing(() => archive.delete(key)),
      };
    };
    const first = await erase({ archive: dying(world.archive), analytics: dying(world.analytics) }).catch(
      () => "killed",
    );
    if (first === "killed") expect(await erase()).toBe("erased");
    expect(left(), `${effects} effects`).toEqual([]);
    expect(world.memories.all).toEqual([]);
    expect((await readIndex(world.archive, "conv_1")).index.memory).toBeUndefined();
    if (first === "erased") return;
  }
});

test("without a memory store the memories are left, their user ids are kept, and a later run completes", async () => {
  const { world, erase, left } = await aCall();
  expect(await erase({ memories: undefined })).toBe("memories left");
  expect(left()).toEqual([]);
  expect((await readIndex(world.archive, "conv_1")).index.memory).toBeDefined();
  expect(await erase()).toBe("erased");
  expect(world.memories.all).toEqual([]);
});

test("an earlier upload stays deleted, and a new upload restores the call", async () => {
  const { world, erase } = await aCall();
  await world.archive.rePut(KEY);
  await world.process(KEY);
  const dying: Archive["delete"] = async () => {
    throw new Error("killed");
  };
  await erase({ archive: { ...world.archive, delete: dying } }).catch(() => {});
  expect(await world.process(KEY)).toEqual({ outcome: "deleted" });
  await world.archive.rePut(KEY);
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed", steps: ["audio", "rows", "memory"] });
});
