import { expect, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { readIndex, writeIndex } from "../../../handlers/process/conversation-index.ts";
import { isSameUpload } from "../../../handlers/process/object-record.ts";
import { aTranscription } from "../../support/fixtures/events.ts";
import { aWorld, RECEIVED } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";
const [FIRST, SECOND, EDITED] = ["first", "second", "edited"].map((user_id) => aTranscription({ user_id }));

/** A world in which these uploads were processed in order, and the record of the last. */
async function recordAfter(...uploads: readonly (readonly [Buffer | undefined, Record<string, string>])[]) {
  const world = aWorld();
  for (const [body = Buffer.from(""), metadata] of uploads) {
    await world.archive.put(KEY, body, { metadata });
    await world.process(KEY);
  }
  return { world, record: (await readIndex(world.archive, "conv_1")).index.objects[KEY] };
}

const BY_WEBHOOK = { source: "webhook", "received-at": RECEIVED, "elevenlabs-signature": "t=1,v0=ab" };
const BY_HAND = {};
const signed = (body: Buffer | undefined) => ({ sha256: sha256(body ?? Buffer.from("")), received_at: RECEIVED });

test("the record of a delivery has no separate signed bytes", async () => {
  const { record } = await recordAfter([FIRST, BY_WEBHOOK], [SECOND, BY_WEBHOOK]);
  expect(record).not.toHaveProperty("signed");
});

test("the record keeps the signed bytes after a person replaces a signed call, also twice", async () => {
  const { record } = await recordAfter([FIRST, BY_WEBHOOK], [EDITED, BY_HAND], [SECOND, BY_HAND]);
  expect(record).toMatchObject({ source: "re-upload", signed: signed(FIRST) });
});

test("a signature that was copied to other bytes does not count", async () => {
  const { source: _, ...copied } = BY_WEBHOOK;
  const { record } = await recordAfter([FIRST, BY_WEBHOOK], [EDITED, copied]);
  expect(record).toMatchObject({ signed: signed(FIRST) });
});

test("a later delivery replaces the signed and the accepted bytes", async () => {
  const { world } = await recordAfter([FIRST, BY_WEBHOOK], [EDITED, BY_HAND]);
  const { index, etag } = await readIndex(world.archive, "conv_1");
  const accepted = { sha256: sha256(EDITED ?? Buffer.from("")), at: RECEIVED, reason: "meant" };
  const record = index.objects[KEY];
  await writeIndex(world.archive, { ...index, objects: { [KEY]: { ...Object(record), accepted } } }, etag);
  await world.archive.rePut(KEY);
  await world.process(KEY);
  expect((await readIndex(world.archive, "conv_1")).index.objects[KEY]).toMatchObject({
    accepted,
    signed: signed(FIRST),
  });
  await world.archive.put(KEY, SECOND ?? Buffer.from(""), { metadata: BY_WEBHOOK });
  await world.process(KEY);
  const last = (await readIndex(world.archive, "conv_1")).index.objects[KEY];
  expect(last).not.toHaveProperty("signed");
  expect(last).not.toHaveProperty("accepted");
});

test("an object that was put by hand and never signed has no signed bytes", async () => {
  const { record } = await recordAfter([FIRST, BY_HAND], [EDITED, BY_HAND]);
  expect(record).not.toHaveProperty("signed");
});

test.each([
  ["1795168800123456789", "1795168800123456789", true],
  ["1795168800123456789-4711", "1795168800123456789", true],
  ["1795168800123456789-4711", "1795168800123456788", false],
  ["1795168800123456789", "17951688001234567", false],
  ["12-3", "12", false],
])("a record of upload %s is a record of upload %s: %s", (recorded, version, expected) => {
  expect(isSameUpload({ version: recorded }, version)).toBe(expected);
});
