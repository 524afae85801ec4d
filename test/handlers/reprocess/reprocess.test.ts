import { expect, test } from "vitest";
import { type Selection, selectedObjects } from "../../../handlers/reprocess/reprocess.ts";
import { anAudio, aTranscription, metadataWith, START } from "../../fixtures/events.ts";
import { aWorld } from "../../fixtures/world.ts";

const DAY = 24 * 60 * 60;
const KEY = "12025550101/conv_1.json";

type World = ReturnType<typeof aWorld>;
const selected = ({ archive }: World, selection: Selection) => Array.fromAsync(selectedObjects(archive, selection));

/** A call that began on 2026-11-20, with its recording, processed. */
async function aProcessedCall(): Promise<World> {
  const world = aWorld();
  await world.take(anAudio());
  await world.take(aTranscription());
  return world;
}

test.each([
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
])("of one call on 2026-11-20, %j selects %j", async (selection, keys) => {
  expect(await selected(await aProcessedCall(), selection)).toEqual(keys);
});

test("a call that was never processed is in every range", async () => {
  const world = aWorld();
  await world.delivered(aTranscription());
  expect(await selected(world, { to: "2023-01-01" })).toEqual([KEY]);
});

test("a call whose start was corrected is where it is now", async () => {
  const world = await aProcessedCall();
  await world.take(aTranscription({ metadata: metadataWith({ start_time_unix_secs: START + DAY }) }));
  expect(await selected(world, { to: "2026-11-20" })).toEqual([]);
  expect(await selected(world, { from: "2026-11-21" })).toEqual([KEY]);
});

test("a conversation is asked for by its id, also where its key is another", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription({ conversation_id: "conv/1" }));
  expect(await selected(world, { conversation: "conv/1" })).toEqual([key]);
});
