import { expect, test } from "vitest";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import type { ProcessDeps } from "../../../handlers/process/process.ts";
import { verifyArchive } from "../../../handlers/verify/verify-archive.ts";
import { anAudio, aTranscription, MP3, START } from "../../support/fixtures/events.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";
const HOUR_MS = 3_600_000;
const DAY_OVER = (START + 40) * 1000 + 24 * HOUR_MS;

/** An archive with one call, whose recording ElevenLabs did not have, and the findings in it. */
async function aWaitingCall(data: Parameters<typeof aTranscription>[0] = {}, changes: Partial<ProcessDeps> = {}) {
  const world = aWorld({ recordings: { recording: async () => undefined }, ...changes });
  await world.take(aTranscription(data));
  async function found(at: Date) {
    const { archive, analytics } = world;
    const stores = { archive, analytics, secrets: async () => [], remembers: true, fetches: true };
    const all = await Array.fromAsync(verifyArchive({}, { ...stores, readsRecordings: false, now: () => at }));
    // These calls have no signature, which is a separate notice.
    return all.flatMap(({ state, findings }) =>
      findings
        .filter(({ kind }) => kind !== "signature lost")
        .map(({ kind, what, isRepairable }) => ({ state, kind, what, isRepairable })),
    );
  }
  return { ...world, found };
}

/** Later than `ms`, and late enough that no grace period holds. */
const lateAfter = (ms: number) => new Date(Math.max(ms, Date.now()) + 3 * HOUR_MS + 1_000);

test("a call that waits for its recording is a notice until a day after the call, and its rows are right", async () => {
  const { found } = await aWaitingCall({ has_audio: true });
  for (const at of [NOW, new Date(DAY_OVER + 3 * HOUR_MS)]) {
    expect(await found(at)).toMatchObject([{ state: "notice", kind: "waiting recording" }]);
  }
});

test("a call that still waits hours later is a finding, and processing it again repairs it", async () => {
  const at = lateAfter(DAY_OVER);
  const { archive, process, found } = await aWaitingCall({ has_audio: true });
  expect(await found(at)).toMatchObject([{ kind: "unprocessed", isRepairable: true }]);
  expect((await found(at))[0]?.what).toBe(
    "still waits for its recording, a day after the call; last requested at 2026-11-20T10:05:00.000Z",
  );
  await archive.rePut(KEY);
  await process(KEY, { now: () => at });
  expect(await found(at)).toEqual([]);
});

test.each([
  ["was not produced", { has_audio: true }, { now: () => new Date(DAY_OVER) }],
  ["is off", { has_audio: false }, {}],
  [
    "was deleted",
    { has_audio: true },
    { now: () => new Date(DAY_OVER), recordings: { recording: async () => "no conversation" as const } },
  ],
])("a call whose recording %s has no finding", async (_, data, changes) => {
  const { found } = await aWaitingCall(data, changes);
  expect(await found(lateAfter(DAY_OVER))).toEqual([]);
});

test("audio that is not an MP3 is a finding of the audio, not of its call", async () => {
  const world = await aWaitingCall({}, { recordings: undefined });
  const { archive, found } = world;
  await world.take(anAudio({ full_audio: Buffer.from("no recording").toString("base64") })).catch(() => {});
  expect((await readIndex(archive, "conv_1")).index.recording).toEqual({ state: "not_decodable" });
  expect(await found(lateAfter(DAY_OVER))).toMatchObject([
    { kind: "unprocessed", what: expect.stringContaining("audio") },
  ]);
});

test("rows with another reason than the index are found, and so is an MP3 that the index does not record", async () => {
  const { archive, found } = await aWaitingCall({}, { now: () => new Date(DAY_OVER) });
  const at = lateAfter(DAY_OVER);
  const { index, etag } = await readIndex(archive, "conv_1");
  const other = { ...index, recording: { state: "deleted" } };
  await archive.put("_index/conv_1", Buffer.from(JSON.stringify(other)), { only: { ifMatch: etag ?? "" } });
  expect(await found(at)).toMatchObject([{ kind: "rows", isRepairable: true }]);
  await archive.put("_index/conv_1", Buffer.from(JSON.stringify(index)));
  await archive.put("12025550101/conv_1.mp3", MP3, { metadata: { sha256: "0" } });
  expect(await found(at)).toMatchObject([{ kind: "rows" }]);
});
