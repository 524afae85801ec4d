import { expect, test } from "vitest";
import { putDirtyMarkers, putWholeMarker } from "../../../handlers/compact/dirty-markers.ts";
import { packKey } from "../../../queries/tables/table.ts";
import { aCall, putLive } from "../../support/fixtures/compacting.ts";
import {
  after,
  aPackedDay,
  CLOSING,
  changeUnmarked,
  counts,
  NOW,
  PACK_08,
  PACK_09,
  packing,
  packsOf,
  removeLive,
  TODAY,
} from "../../support/fixtures/packed-day.ts";

const PACKED_AGAIN = packKey("turns", TODAY, 3);

test("a marker of a whole hour packs all its live objects again, and no other hour", async () => {
  const compactor = await aPackedDay();
  const { analytics, compact, state } = compactor;
  await changeUnmarked(compactor);
  await putWholeMarker(analytics, `${TODAY}/08`);
  const { days } = await compact(packing());
  expect(days.map(({ day, did }) => [day, did])).toEqual([[`${TODAY}/08`, "packed"]]);
  expect(packsOf(compactor)).toEqual([PACK_08, PACK_09, PACKED_AGAIN]);
  expect((await state()).retired).toEqual({ [`dt=${TODAY}/pack=1/`]: NOW.toISOString() });
  expect(await counts(compactor)).toEqual([3, 9]);
  expect(await Array.fromAsync(analytics.list("compaction/dirty/"))).toEqual([]);
});

test("a marker of a whole hour reads only its own hour from live objects when the day is closed", async () => {
  const compactor = await aPackedDay();
  const { analytics, compact, ids } = compactor;
  const read: string[] = [];
  const get = (key: string) => {
    read.push(key);
    return analytics.get(key);
  };
  await putWholeMarker(analytics, `${TODAY}/08`);
  await compact({ ...packing(CLOSING), analytics: { ...analytics, get } });
  expect(read.filter((key) => key.startsWith("live/turns/"))).toEqual(
    ["conv_a", "conv_b"].map((id) => `live/turns/dt=${TODAY}/hr=08/${id}.parquet`),
  );
  expect(await ids("conversations")).toEqual(["conv_a", "conv_b", "conv_c"]);
});

test.each([
  ["a whole hour", (analytics: Analytics) => putWholeMarker(analytics, `${TODAY}/08`)],
  ["a call", (analytics: Analytics) => putDirtyMarkers(analytics, [`${TODAY}/08`], "conv_a", NOW)],
])(
  "after the marker of %s is removed, no later run reads the old pack, even if its day was not closed",
  async (_, putMarker) => {
    const compactor = await aPackedDay();
    const { analytics, compact } = compactor;
    await changeUnmarked(compactor);
    await putMarker(analytics);
    await expect(compact({ ...packing(CLOSING), analytics: endingAfterMarkers(analytics) })).rejects.toThrow("ended");
    await putLive(analytics, aCall("conv_late", TODAY, 1, "08"));
    await putDirtyMarkers(analytics, [`${TODAY}/08`], "conv_late", NOW);
    await compact(packing(after(2, CLOSING)));
    expect(await counts(compactor)).toEqual([4, 10]);
  },
);

type Analytics = Awaited<ReturnType<typeof aPackedDay>>["analytics"];

/** The same store, of which every operation fails after the first deletion. */
function endingAfterMarkers(analytics: Analytics): Analytics {
  let hasEnded = false;
  const put: Analytics["put"] = async (...args) => {
    if (hasEnded) throw new Error("ended");
    return analytics.put(...args);
  };
  return {
    ...analytics,
    put,
    async delete(key) {
      await analytics.delete(key);
      hasEnded = true;
      throw new Error("ended");
    },
  };
}

test("the pack of an hour whose day has no call left is deleted", async () => {
  const compactor = await aPackedDay();
  const { analytics, compact } = compactor;
  for (const [id, hour] of [
    ["conv_a", "08"],
    ["conv_b", "08"],
    ["conv_c", "09"],
  ] as const) {
    await removeLive(compactor, id, hour);
    await putDirtyMarkers(analytics, [`${TODAY}/${hour}`], id, NOW);
  }
  await compact(packing());
  expect(await counts(compactor)).toEqual([0, 0]);
  await compact(packing(after(61)));
  expect(packsOf(compactor)).toEqual([]);
});

test("a pack never gets the number of a deleted one that the state still names", async () => {
  const compactor = await aPackedDay();
  const { analytics, compact } = compactor;
  await removeLive(compactor, "conv_c", "09");
  await putDirtyMarkers(analytics, [`${TODAY}/09`], "conv_c", NOW);
  await compact(packing());
  // Killed between the deletion of the pack and its record.
  for (const key of analytics.objects.keys()) if (key.includes("/pack=2/")) await analytics.delete(key);
  await putLive(analytics, aCall("conv_d", TODAY, 1, "10"));
  await compact(packing(after(61)));
  expect(packsOf(compactor)).toEqual([PACK_08, PACKED_AGAIN]);
  expect(await counts(compactor)).toEqual([3, 5]);
});
