import { expect, test } from "vitest";
import { anAudio, aTranscription } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";
const INDEX = "_index/conv_1";
const DAY = "dt=2026-11-20";

type World = ReturnType<typeof aWorld>;

const liveKeys = async ({ analytics }: World) =>
  (await Array.fromAsync(analytics.list("live/"))).map(({ key }) => key.slice("live/".length));

/** Makes the results those of a version before 2026-12: its rows were in no hour, and its index had days. */
async function asEarlier(world: World): Promise<World> {
  for (const { key, body } of [...world.analytics.objects.values()]) {
    await world.analytics.put(key.replace("/hr=10", ""), body);
    await world.analytics.delete(key);
  }
  const { checksum: _, hours: __, home, ...index } = await stored(world);
  const { hour: ___, ...homeOfDay } = Object(home);
  await world.archive.put(INDEX, Buffer.from(JSON.stringify({ ...index, home: homeOfDay, days: ["2026-11-20"] })));
  return world;
}

async function stored({ archive }: World): Promise<Record<string, unknown>> {
  return Object(JSON.parse((await archive.get(INDEX))?.body.toString() ?? "null"));
}

/** A call with a recording, processed now, and the same one processed by an earlier version. */
async function twoWorlds() {
  const [now, earlier] = [aWorld(), aWorld()];
  for (const world of [now, earlier]) {
    await world.take(aTranscription());
    await world.take(anAudio());
  }
  return { now, earlier: await asEarlier(earlier) };
}

const WITHOUT_HOUR = ["conversations", "recordings", "turns"].map((table) => `${table}/${DAY}/conv_1.parquet`);

test.each([
  ["the whole call", undefined, ["audio", "rows", "memory"]],
  ["only its rows", "rows", ["rows"]],
])("processing %s again moves all rows to their hour, the one of the recording too", async (_, redo, steps) => {
  const { now, earlier } = await twoWorlds();
  expect(await liveKeys(earlier)).toEqual(WITHOUT_HOUR);
  await earlier.archive.rePut(KEY, redo);
  expect(await earlier.process(KEY)).toMatchObject({ steps });
  expect(await liveKeys(earlier)).toEqual(await liveKeys(now));
  expect(earlier.snapshot()).toEqual(now.snapshot());
  expect(await stored(earlier)).toMatchObject({ hours: ["2026-11-20/10"], home: { hour: "10" } });
  expect(await stored(earlier)).not.toHaveProperty("days");
});

test("a recording that arrives later has its row beside the others: no reader of hours sees half a call", async () => {
  const world = aWorld();
  await world.take(aTranscription());
  await asEarlier(world);
  await world.take(anAudio());
  expect(await liveKeys(world)).toEqual(WITHOUT_HOUR);
  expect(await stored(world)).toMatchObject({ hours: ["2026-11-20"] });
});
