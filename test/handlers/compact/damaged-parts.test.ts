import { expect, test } from "vitest";
import { putWholeMarker } from "../../../handlers/compact/dirty-markers.ts";
import { STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { partKey } from "../../../queries/tables/table.ts";
import { aCall, aCompactor, DAYS, putLive } from "../../support/fixtures/compacting.ts";

const [DAY] = DAYS;
const PART = partKey("turns", DAY, 0);

/** A closed day of two calls. */
async function aClosedDay() {
  const compactor = aCompactor();
  await putLive(compactor.analytics, aCall("conv_1", DAY));
  await putLive(compactor.analytics, aCall("conv_2", DAY));
  await compactor.compact();
  return compactor;
}

test("the hash of each part is recorded, by table", async () => {
  const { analytics, state } = await aClosedDay();
  const [shard] = (await state()).days[DAY] ?? [];
  const parts = [...analytics.objects.values()].filter(({ key }) => key.startsWith("days/"));
  expect(shard?.sha256).toEqual(Object.fromEntries(parts.map(({ key, etag }) => [key.split("/")[1], etag])));
  expect(Object.keys(shard?.sha256 ?? {})).toEqual(["conversations", "turns"]);
});

test.each([
  ["with a flipped bit under correct metadata", (body: Buffer) => Buffer.from(body).fill(1, 9, 10), true],
  ["cut off", (body: Buffer) => body.subarray(0, 9), false],
])("a part %s is written again when its whole day is rebuilt", async (_what, damage, hasMetadata) => {
  const { analytics, compact, parts } = await aClosedDay();
  const whole = parts();
  const { body, metadata } = analytics.objects.get(PART) ?? { body: Buffer.alloc(0), metadata: {} };
  await analytics.put(PART, damage(body), { metadata: hasMetadata ? metadata : {} });
  expect(parts()).not.toEqual(whole);
  await putWholeMarker(analytics, DAY);
  await compact();
  await compact();
  expect(parts()).toEqual(whole);
});

test("intact parts are read and not written when their whole day is rebuilt", async () => {
  const { analytics, compact } = await aClosedDay();
  const written: string[] = [];
  const put: typeof analytics.put = (key, ...rest) => {
    written.push(key);
    return analytics.put(key, ...rest);
  };
  await compact({ analytics: { ...analytics, put } }, DAY);
  expect([...new Set(written)]).toEqual([STATE_KEY]);
});

test("a missing part and a surplus one are corrected when their whole day is rebuilt", async () => {
  const { analytics, compact, state, ids } = await aClosedDay();
  const { body } = analytics.objects.get(PART) ?? { body: Buffer.alloc(0) };
  await analytics.delete(PART);
  await analytics.put(partKey("turns", DAY, 1), body);
  await compact({}, DAY);
  await compact({}, DAY);
  expect(await ids("turns")).toEqual(["conv_1", "conv_1", "conv_2", "conv_2"]);
  expect((await state()).days[DAY]).toHaveLength(2);
});

test("a damaged state is replaced, and a damaged part is rebuilt with it", async () => {
  const { analytics, compact, parts, state } = await aClosedDay();
  const [whole, known] = [parts(), await state()];
  const { body } = analytics.objects.get(STATE_KEY) ?? { body: Buffer.alloc(0) };
  await analytics.put(STATE_KEY, Buffer.from(body.toString().replace('"rows":', '"rpws":')));
  const part = analytics.objects.get(PART);
  await analytics.put(PART, Buffer.from("cut"), { metadata: part?.metadata ?? {} });
  await compact();
  expect(parts()).toEqual(whole);
  expect(await state()).toEqual(known);
});
