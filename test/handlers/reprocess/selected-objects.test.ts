import { expect, test } from "vitest";
import { readIndex, writeIndex } from "../../../handlers/process/conversation-index.ts";
import { type Selection, type SelectOptions, selectedObjects } from "../../../handlers/reprocess/selected-objects.ts";
import { aFailure, anAudio, aTranscription, metadataWith, START } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const DAY = 24 * 60 * 60;
const KEY = "12025550101/conv_1.json";

type World = ReturnType<typeof aWorld>;

async function selected({ archive }: World, selection: Selection, more: SelectOptions = {}): Promise<string[]> {
  return (await Array.fromAsync(selectedObjects(archive, selection, more))).map(({ key }) => key);
}

/** A processed call from 2026-11-20, with its recording. */
async function aProcessedCall(): Promise<World> {
  const world = aWorld();
  await world.take(anAudio());
  await world.take(aTranscription());
  return world;
}

test.each<[Selection, string[]]>([
  [{}, [KEY]],
  [{ from: "2026-11-20" }, [KEY]],
  [{ from: "2026-11-21" }, []],
  [{ to: "2026-11-20" }, [KEY]],
  [{ to: "2026-11-19" }, []],
  [{ from: "2026-11-20", to: "2026-11-20" }, [KEY]],
  [{ caller: "12025550101" }, [KEY]],
  [{ caller: "1202555010" }, []],
  [{ caller: "_audio" }, []],
  [{ caller: "" }, []],
  [{ conversation: "conv_1" }, [KEY]],
  [{ conversation: "conv_" }, []],
  [{ conversation: "conv_1", caller: "anonymous" }, []],
  [{ agent: "agent_1" }, [KEY]],
  [{ agent: "agent_" }, []],
  [{ agent: "agent_1", from: "2026-11-21" }, []],
  [{ only: ["memory"] }, [KEY]],
  [{ ids: ["conv_1"] }, [KEY]],
  [{ ids: ["conv_1"], caller: "anonymous" }, []],
  [{ ids: ["conv_1"], agent: "agent_2" }, []],
  [{ ids: ["conv_1"], to: "2026-11-19" }, []],
  [{ ids: [] }, []],
])("in an archive with one call on 2026-11-20, %j selects %j", async (selection, keys) => {
  expect(await selected(await aProcessedCall(), selection)).toEqual(keys);
});

test("every range includes a call that was never processed", async () => {
  const world = aWorld();
  await world.delivered(aTranscription());
  expect(await selected(world, { to: "2023-01-01" })).toEqual([KEY]);
});

test("a call whose start was corrected is in the range of its new start", async () => {
  const world = await aProcessedCall();
  await world.take(aTranscription({ metadata: metadataWith({ start_time_unix_secs: START + DAY }) }));
  expect(await selected(world, { to: "2026-11-20" })).toEqual([]);
  expect(await selected(world, { from: "2026-11-21" })).toEqual([KEY]);
});

test("selects a conversation by its id, also if its key differs", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription({ conversation_id: "conv/1" }));
  expect(await selected(world, { conversation: "conv/1" })).toEqual([key]);
});

/** Two calls of one caller, a call of another, and a failed attempt of that conversation. */
async function someCalls(): Promise<World> {
  const world = await aProcessedCall();
  const other = { phone_call: { direction: "inbound", external_number: "+16125550100", type: "twilio" } };
  await world.take(aTranscription({ conversation_id: "conv_2" }));
  await world.take(aTranscription({ conversation_id: "conv_3", metadata: metadataWith(other) }));
  await world.take(aFailure({ conversation_id: "conv_3" }));
  return world;
}

const KEYS = ["12025550101/conv_1.json", "12025550101/conv_2.json", "16125550100/conv_3.json"];
const FAILURE = "442079460100/conv_3.failure.json";

test("resumes after any object, for a listing of the archive and for a list of ids", async () => {
  const world = await someCalls();
  for (const selection of [{}, { ids: ["conv_3", "conv_2", "conv_1"] }, { from: "2026-11-20" }]) {
    const all = await selected(world, selection);
    expect(all.toSorted()).toEqual([...KEYS, FAILURE]);
    for (const [index, after] of all.entries()) {
      expect(await selected(world, selection, { after })).toEqual(all.slice(index + 1));
    }
  }
});

test("finds the objects of ids in their indexes, in the order of the ids, without listing the archive", async () => {
  const { archive, ...world } = await someCalls();
  const unlisted = { ...world, archive: { ...archive, list: () => expect.fail("the archive was listed") } };
  const unknown: string[] = [];
  const ids = ["conv_3", "conv_9", "conv_1"];
  const keys = await selected(unlisted, { ids }, { onUnknown: (id) => unknown.push(id) });
  expect([keys, unknown]).toEqual([["16125550100/conv_3.json", FAILURE, KEY], ["conv_9"]]);
});

test("a conversation whose objects are gone is unknown, and one outside the range is not", async () => {
  const world = await someCalls();
  await world.archive.delete("12025550101/conv_2.json");
  const unknown: string[] = [];
  const selection = { ids: ["conv_1", "conv_2"], from: "2026-12-01" };
  expect(await selected(world, selection, { onUnknown: (id) => unknown.push(id) })).toEqual([]);
  expect(unknown).toEqual(["conv_2"]);
});

test("selects a conversation that was deleted on purpose only by its single id", async () => {
  const world = await aProcessedCall();
  const { index, etag } = await readIndex(world.archive, "conv_1");
  await writeIndex(world.archive, { ...index, deleted: { at: "2026-11-21T09:00:00Z", reason: "asked for" } }, etag);
  expect(await selected(world, {})).toEqual([]);
  expect(await selected(world, { caller: "12025550101" })).toEqual([]);
  expect(await selected(world, { ids: ["conv_1"] })).toEqual([]);
  expect(await selected(world, { conversation: "conv_1" })).toEqual([KEY]);
});

test("omits objects that have none of the steps", async () => {
  const world = await someCalls();
  expect(await selected(world, { only: ["memory"] })).toEqual(KEYS);
  expect(await selected(world, { only: ["rows", "memory"] })).toEqual([...KEYS, FAILURE]);
  expect(await selected(world, { ids: ["conv_3"], only: ["audio"] })).toEqual(["16125550100/conv_3.json"]);
});

test("returns the size of each object", async () => {
  const { archive } = await aProcessedCall();
  const size = aTranscription().length;
  for (const selection of [{}, { ids: ["conv_1"] }]) {
    expect(await Array.fromAsync(selectedObjects(archive, selection))).toEqual([{ key: KEY, size }]);
  }
});
