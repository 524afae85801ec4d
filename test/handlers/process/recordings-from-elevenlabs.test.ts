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

/** An archive with a processor that may ask ElevenLabs, which has the recording of `conv_1`. */
async function aWorldWithElevenLabs() {
  const elevenLabs = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(elevenLabs.close);
  elevenLabs.recordings.set("conv_1", MP3);
  const options = { apiKey: "sk_test", baseUrl: elevenLabs.url, timeoutMs: 400, stallMs: 400, retries: 1 };
  return { elevenLabs, ...aWorld({ recordings: elevenLabsRecordings({ ...options, clock: virtualClock() }) }) };
}

test("a recording that was not delivered is fetched, and stored as it came", async () => {
  const world = await aWorldWithElevenLabs();
  await world.take(aTranscription({ has_audio: true }));
  expect(world.archive.objects.get(MP3_KEY)?.body.equals(MP3)).toBe(true);
  expect(world.archive.objects.get(MP3_KEY)?.metadata).toMatchObject({ source: "api", "bitrate-kbps": "128" });
  expect(await world.rows("recordings")).toMatchObject([{ audio_bytes: BigInt(MP3.length), source: "api" }]);
});

test("a call that says it has a recording waits until it is there, and then only the recording is left to do", async () => {
  const world = await aWorldWithElevenLabs();
  world.elevenLabs.recordings.clear();
  expect(await world.take(aTranscription({ has_audio: true }))).toMatchObject({ steps: ["rows", "memory"] });
  expect([world.memories.all.length, (await world.rows("turns")).length]).toEqual([2, 2]);
  world.elevenLabs.recordings.set("conv_1", MP3);
  expect(await world.process(KEY, { fetchesEarly: true })).toMatchObject({ outcome: "processed", steps: ["audio"] });
  expect(await world.rows("recordings")).toHaveLength(1);
});

test("a call that does not say so waits, too, and everything else is done", async () => {
  const world = await aWorldWithElevenLabs();
  world.elevenLabs.recordings.clear();
  expect(await world.take(aTranscription())).toMatchObject({ outcome: "processed" });
  expect([world.elevenLabs.requests.length, await world.rows("recordings")]).toEqual([1, []]);
});

const FAULTS: [string, Fault, RegExp][] = [
  ["refuses the key", { does: "answer", status: 401 }, /ElevenLabs answered 401: check ELEVENLABS_API_KEY/],
  ["asks to wait", { does: "answer", status: 429, headers: { "retry-after": "3" } }, /answered 429/],
  ["is broken", { does: "answer", status: 500 }, /answered 500/],
  ["hangs", { does: "hang" }, /did not answer|timed out|in time/i],
  ["cuts the connection", { does: "cut" }, /./],
  ["breaks off in the middle", { does: "cut body", afterBytes: 3000 }, /recording of conv_1|terminated|aborted/],
  ["stalls in the middle", { does: "stall body", afterBytes: 3000 }, /recording of conv_1/],
];

test.each(FAULTS)("when ElevenLabs %s, everything else is done, and a retry fetches it", async (_, fault, message) => {
  const world = await aWorldWithElevenLabs();
  world.elevenLabs.fail(fault, { times: 2 });
  const error = await world.take(aTranscription()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StepsFailed);
  expect(error).toMatchObject({ message: expect.stringMatching(message), isFinal: false });
  expect(String(error)).toMatch("conv_1");
  expect(world.archive.objects.has(MP3_KEY)).toBe(false);
  expect([world.memories.all.length, (await world.rows("turns")).length]).toEqual([2, 2]);
  // Of two faults that were planned one may be left.
  const retry = () => world.process(KEY);
  expect(await retry().catch(retry)).toMatchObject({ outcome: "processed", steps: ["audio"] });
  expect(world.archive.objects.get(MP3_KEY)?.body.equals(MP3)).toBe(true);
  expect(world.memories.all).toHaveLength(2);
});

test("a recording that is delivered while another is fetched stays, and is no failure", async () => {
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

test("what ElevenLabs sends and is no MP3 is not stored, and is asked for again", async () => {
  const world = await aWorldWithElevenLabs();
  world.elevenLabs.recordings.set("conv_1", Buffer.from("RIFF....WAVEfmt and so on"));
  expect(await world.take(aTranscription())).toMatchObject({ retryAt: expect.any(Date) });
  expect(world.archive.objects.has(MP3_KEY)).toBe(false);
});

test.each([
  ["says that it has none", aTranscription({ has_audio: false })],
  ["was written", aTranscription({ metadata: metadataWith({ text_only: true }) })],
  ["was no second long", aTranscription({ metadata: metadataWith({ call_duration_secs: 0 }) })],
  ["carries its recording", aTranscription({ full_audio: MP3.toString("base64") })],
])("ElevenLabs is not asked about a call that %s", async (_, body) => {
  const world = await aWorldWithElevenLabs();
  await world.take(body);
  expect(world.elevenLabs.requests).toEqual([]);
});

test("nor about one whose recording was delivered, or is there", async () => {
  const world = await aWorldWithElevenLabs();
  await world.take(anAudio());
  await world.take(aTranscription());
  await world.archive.delete("_audio/conv_1.json");
  await world.archive.rePut(KEY);
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed" });
  expect(world.elevenLabs.requests).toEqual([]);
  expect(world.archive.objects.get(MP3_KEY)?.metadata).toMatchObject({ source: "webhook" });
});
