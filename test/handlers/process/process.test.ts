import { expect, test } from "vitest";
import { PreconditionFailed } from "../../../handlers/clients/archive/archive.ts";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import { StepsFailed } from "../../../handlers/process/process.ts";
import { Unprocessable } from "../../../handlers/process/unprocessable.ts";
import { aFailure, anAudio, aTranscription, MP3, metadataWith } from "../../support/fixtures/events.ts";
import { aWorld } from "../../support/fixtures/world.ts";

const KEY = "12025550101/conv_1.json";
const MP3_KEY = "12025550101/conv_1.mp3";

test("writes the rows and memories of a transcription", async () => {
  const world = aWorld();
  expect(await world.take(aTranscription())).toMatchObject({
    outcome: "processed",
    steps: ["audio", "rows", "memory"],
  });
  expect([...world.analytics.objects.keys()].sort()).toEqual([
    "live/conversations/dt=2026-11-20/hr=10/conv_1.parquet",
    "live/turns/dt=2026-11-20/hr=10/conv_1.parquet",
  ]);
  expect(world.memories.all.map(({ user_id, type }) => [user_id, type])).toEqual([
    ["+12025550101", "factual"],
    ["+12025550101", "semantic"],
  ]);
});

test.each([
  ["before", [anAudio(), aTranscription()]],
  ["after", [aTranscription(), anAudio()]],
])("stores a recording that arrives %s its transcription", async (_, bodies) => {
  const world = aWorld();
  for (const body of bodies) await world.take(body);
  expect(world.archive.objects.get(MP3_KEY)?.body.equals(MP3)).toBe(true);
  expect(world.archive.objects.get(MP3_KEY)?.metadata).toMatchObject({ source: "webhook", "bitrate-kbps": "128" });
  expect(await world.rows("recordings")).toMatchObject([
    { conversation_id: "conv_1", audio_key: MP3_KEY, audio_bytes: BigInt(MP3.length), source: "webhook" },
  ]);
});

test("stores a recording that is embedded in its transcription", async () => {
  const world = aWorld();
  await world.take(aTranscription({ full_audio: MP3.toString("base64") }));
  expect(world.archive.objects.get(MP3_KEY)?.body.equals(MP3)).toBe(true);
  expect(await world.rows("recordings")).toMatchObject([{ source: "embedded" }]);
});

test("does not move audio without a transcription", async () => {
  const world = aWorld();
  expect(await world.take(anAudio())).toMatchObject({ outcome: "processed" });
  expect([...world.archive.objects.keys()].sort()).toEqual(["_audio/conv_1.json", "_index/conv_1"]);
});

test.each([
  ["not base64", "SUQzBAAAAAAA...base64_encoded_mp3_data...AAAAAAAAAA==", /not base64/],
  ["cut short", MP3.toString("base64").slice(0, -2), /not base64/],
  ["not MP3", Buffer.from("RIFF....WAVEfmt ").toString("base64"), /not an MP3/],
  ["not a string", 7, /not a string/],
])("fails and stores no recording if audio is %s", async (_, full_audio, reason) => {
  const apart = aWorld();
  await expect(apart.take(anAudio({ full_audio }))).rejects.toMatchObject({ message: reason, isFinal: true });
  await apart.take(aTranscription());
  expect(apart.archive.objects.has(MP3_KEY)).toBe(false);

  const embedded = aWorld();
  await expect(embedded.take(aTranscription({ full_audio }))).rejects.toThrow(StepsFailed);
  expect(embedded.archive.objects.has(MP3_KEY)).toBe(false);
  expect(await embedded.rows("conversations")).toHaveLength(1);
  expect(embedded.memories.all).toHaveLength(2);
});

test.each([
  ["attempt first", [aFailure(), aTranscription()]],
  ["call first", [aTranscription(), aFailure()]],
])("writes the row of the call if the conversation also has a failed attempt: %s", async (_, bodies) => {
  const world = aWorld();
  for (const body of bodies) await world.take(body);
  expect(await world.rows("conversations")).toMatchObject([{ status: "done", caller: "12025550101" }]);
});

test("writes one row and no memory for a failed attempt", async () => {
  const world = aWorld();
  await world.take(aFailure());
  expect(await world.rows("conversations")).toMatchObject([
    {
      status: "initiation_failure",
      failure_reason: "busy",
      caller: "442079460100",
      direction: "outbound",
      call_sid: "CA1",
    },
  ]);
  expect(world.memories.all).toEqual([]);
});

test("adds no memory for an anonymous caller", async () => {
  const world = aWorld();
  await world.take(aTranscription({ metadata: metadataWith({ phone_call: null }) }));
  expect(world.memories.all).toEqual([]);
  expect((await readIndex(world.archive, "conv_1")).index.memory).toBeUndefined();
});

test.each([
  ["of another conversation", aTranscription({ conversation_id: "conv_2" })],
  ["of another kind", anAudio()],
  ["not JSON", Buffer.from("{")],
  ["data with the fields of no kind", Buffer.from('{"conversation_id": "conv_1"}')],
])("throws Unprocessable for an uploaded object that is %s, and writes nothing", async (_, body) => {
  const world = aWorld();
  await world.archive.put(KEY, body);
  await expect(world.process(KEY)).rejects.toThrow(Unprocessable);
  expect([...world.archive.objects.keys()]).toEqual([KEY]);
});

test("processes an uploaded object that is a bare conversation", async () => {
  const world = aWorld();
  const { data } = JSON.parse(aTranscription().toString());
  await world.archive.put(KEY, Buffer.from(JSON.stringify(data)));
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed" });
  expect(world.memories.all).toHaveLength(2);
});

test("ignores keys that are not to be processed, and objects that are gone", async () => {
  const world = aWorld();
  for (const key of ["_index/conv_1", "_other/conv_1.json", MP3_KEY, "a/b/c.json", "x.json"]) {
    expect(await world.process(key)).toEqual({ outcome: "ignored" });
  }
  expect(await world.process(KEY)).toEqual({ outcome: "gone" });
});

test("processes a call whose index is damaged", async () => {
  const world = aWorld();
  await world.archive.put("_index/conv_1", Buffer.from("[not an index"));
  expect(await world.take(aTranscription())).toMatchObject({ outcome: "processed" });
});

test("throws the archive's error if the index cannot be written at the end", async () => {
  const world = aWorld();
  const key = await world.delivered(aTranscription());
  let indexWrites = 0;
  const archive = {
    ...world.archive,
    put(...[name, ...rest]: Parameters<typeof world.archive.put>) {
      if (name.startsWith("_index/")) indexWrites += 1;
      return indexWrites > 1 ? Promise.reject(new PreconditionFailed(name)) : world.archive.put(name, ...rest);
    },
  };
  await expect(world.process(key, { archive })).rejects.toThrow(PreconditionFailed);
});
