import { expect, onTestFinished, test } from "vitest";
import { elevenLabsRecordings } from "../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { StepsFailed } from "../../../handlers/process/process.ts";
import { anAudio, aTranscription, MP3, metadataWith } from "../../support/fixtures/events.ts";
import { virtualClock } from "../../support/fixtures/virtual-clock.ts";
import { aWorld } from "../../support/fixtures/world.ts";
import { elevenLabsServer } from "../../support/servers/elevenlabs-server.ts";
import type { Fault } from "../../support/servers/faulty-server.ts";

const KEY = "12025550101/conv_1.json";
const MP3_KEY = "12025550101/conv_1.mp3";

/** An archive whose processor has an API key of ElevenLabs, which has the recording of `conv_1`. */
async function aWorldWithElevenLabs() {
  const elevenLabs = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(elevenLabs.close);
  elevenLabs.recordings.set("conv_1", MP3);
  const options = { apiKey: "sk_test", baseUrl: elevenLabs.url, timeoutMs: 400, stallMs: 400, retries: 1 };
  return { elevenLabs, ...aWorld({ recordings: elevenLabsRecordings({ ...options, clock: virtualClock() }) }) };
}

test("fetches a recording that was not delivered, and stores its bytes unchanged", async () => {
  const world = await aWorldWithElevenLabs();
  await world.take(aTranscription({ has_audio: true }));
  expect(world.archive.objects.get(MP3_KEY)?.body.equals(MP3)).toBe(true);
  expect(world.archive.objects.get(MP3_KEY)?.metadata).toMatchObject({ source: "api", "bitrate-kbps": "128" });
  expect(await world.rows("recordings")).toMatchObject([{ audio_bytes: BigInt(MP3.length), source: "api" }]);
});

test.each([
  ["fetched", undefined],
  ["embedded", MP3.toString("base64")],
])(
  "requests the MP3 of a %s recording once, before it is stored, because later requests cost more",
  async (_, full_audio) => {
    const world = await aWorldWithElevenLabs();
    const requests: unknown[] = [];
    const head: typeof world.archive.head = (key) => {
      if (key === MP3_KEY) requests.push("head");
      return world.archive.head(key);
    };
    const put: typeof world.archive.put = (key, body, options) => {
      if (key === MP3_KEY) requests.push(options?.coldBytes);
      return world.archive.put(key, body, options);
    };
    const key = await world.delivered(aTranscription({ full_audio }));
    await world.process(key, { archive: { ...world.archive, head, put } });
    expect(requests).toEqual(["head", MP3.length]);
    expect(await world.rows("recordings")).toMatchObject([{ audio_key: MP3_KEY, audio_bytes: BigInt(MP3.length) }]);
  },
);

test("a call whose has_audio is true waits for its recording, and then only the audio step is done", async () => {
  const world = await aWorldWithElevenLabs();
  world.elevenLabs.recordings.clear();
  expect(await world.take(aTranscription({ has_audio: true }))).toMatchObject({ steps: ["rows", "memory"] });
  expect([world.memories.all.length, (await world.rows("turns")).length]).toEqual([2, 2]);
  world.elevenLabs.recordings.set("conv_1", MP3);
  expect(await world.process(KEY, { fetchesEarly: true })).toMatchObject({ outcome: "processed", steps: ["audio"] });
  expect(await world.rows("recordings")).toHaveLength(1);
});

test("a call without has_audio also waits for its recording, and the other steps are done", async () => {
  const world = await aWorldWithElevenLabs();
  world.elevenLabs.recordings.clear();
  expect(await world.take(aTranscription())).toMatchObject({ outcome: "processed" });
  expect([world.elevenLabs.requests.length, await world.rows("recordings")]).toEqual([1, []]);
});

const FAULTS: [string, Fault, RegExp][] = [
  ["refuses the key", { does: "answer", status: 401 }, /ElevenLabs answered 401: check ELEVENLABS_API_KEY/],
  ["answers 429", { does: "answer", status: 429, headers: { "retry-after": "3" } }, /answered 429/],
  ["answers 500", { does: "answer", status: 500 }, /answered 500/],
  ["does not answer", { does: "hang" }, /did not answer|timed out|in time/i],
  ["cuts the connection", { does: "cut" }, /./],
  ["breaks off in the middle", { does: "cut body", afterBytes: 3000 }, /recording of conv_1|terminated|aborted/],
  ["stalls in the middle", { does: "stall body", afterBytes: 3000 }, /recording of conv_1/],
];

test.each(FAULTS)("when ElevenLabs %s, the other steps are done, and a retry fetches it", async (_, fault, message) => {
  const world = await aWorldWithElevenLabs();
  world.elevenLabs.fail(fault, { times: 2 });
  const error = await world.take(aTranscription()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StepsFailed);
  expect(error).toMatchObject({ message: expect.stringMatching(message), isFinal: false });
  expect(String(error)).toMatch("conv_1");
  expect(world.archive.objects.has(MP3_KEY)).toBe(false);
  expect([world.memories.all.length, (await world.rows("turns")).length]).toEqual([2, 2]);
  // One of the two faults may remain.
  const retry = () => world.process(KEY);
  expect(await retry().catch(retry)).toMatchObject({ outcome: "processed", steps: ["audio"] });
  expect(world.archive.objects.get(MP3_KEY)?.body.equals(MP3)).toBe(true);
  expect(world.memories.all).toHaveLength(2);
});

test("a fetched recording does not replace one that is delivered meanwhile", async () => {
  const world = await aWorldWithElevenLabs();
  const delivered = Buffer.from(MP3.subarray(0, MP3.length / 2));
  const put: typeof world.archive.put = async (key, ...rest) => {
    if (key === MP3_KEY) await world.archive.put(MP3_KEY, delivered, { metadata: { source: "webhook" } });
    return world.archive.put(key, ...rest);
  };
  const key = await world.delivered(aTranscription());
  expect(await world.process(key, { archive: { ...world.archive, put } })).toMatchObject({ outcome: "processed" });
  expect(world.archive.objects.get(MP3_KEY)).toMatchObject({ body: delivered, metadata: { source: "webhook" } });
  expect(await world.rows("recordings")).toMatchObject([{ source: "webhook", audio_bytes: BigInt(delivered.length) }]);
});

test("does not store a fetched recording that is not an MP3, and requests it again", async () => {
  const world = await aWorldWithElevenLabs();
  world.elevenLabs.recordings.set("conv_1", Buffer.from("RIFF....WAVEfmt and so on"));
  expect(await world.take(aTranscription())).toMatchObject({ retryAt: expect.any(Date) });
  expect(world.archive.objects.has(MP3_KEY)).toBe(false);
});

test.each([
  ["has no audio", aTranscription({ has_audio: false })],
  ["was a text chat", aTranscription({ metadata: metadataWith({ text_only: true }) })],
  ["was shorter than a second", aTranscription({ metadata: metadataWith({ call_duration_secs: 0 }) })],
  ["has an embedded recording", aTranscription({ full_audio: MP3.toString("base64") })],
])("does not request the recording of a call that %s", async (_, body) => {
  const world = await aWorldWithElevenLabs();
  await world.take(body);
  expect(world.elevenLabs.requests).toEqual([]);
});

test("does not request a recording that was delivered or is already stored", async () => {
  const world = await aWorldWithElevenLabs();
  await world.take(anAudio());
  await world.take(aTranscription());
  await world.archive.delete("_audio/conv_1.json");
  await world.archive.rePut(KEY);
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed" });
  expect(world.elevenLabs.requests).toEqual([]);
  expect(world.archive.objects.get(MP3_KEY)?.metadata).toMatchObject({ source: "webhook" });
});
