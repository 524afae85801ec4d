import { expect, onTestFinished, test } from "vitest";
import { elevenLabsRecordings } from "../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import { isProcessed } from "../../../handlers/process/is-processed.ts";
import { anAudio, aTranscription, MP3, START } from "../../support/fixtures/events.ts";
import { virtualClock } from "../../support/fixtures/virtual-clock.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";
import { elevenLabsServer } from "../../support/servers/elevenlabs-server.ts";
import type { Fault } from "../../support/servers/faulty-server.ts";

const KEY = "12025550101/conv_1.json";
const MP3_KEY = "12025550101/conv_1.mp3";

/** Seconds after the end of the ordinary call, which took 40 seconds. */
const afterTheEnd = (seconds: number) => new Date((START + 40 + seconds) * 1000);
const A_DAY = 86_400;

/** An archive whose processor has an API key of ElevenLabs, which has no recording yet. The test sets the clock. */
async function aLateWorld() {
  const elevenLabs = await elevenLabsServer({ apiKey: "sk_test" });
  onTestFinished(elevenLabs.close);
  const options = { apiKey: "sk_test", baseUrl: elevenLabs.url, timeoutMs: 2_000, retries: 1, clock: virtualClock() };
  let now = NOW;
  const world = aWorld({ recordings: elevenLabsRecordings(options), now: () => now });
  return {
    elevenLabs,
    ...world,
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    setClock: (to: Date) => {
      now = to;
    },
    requestCount: () => elevenLabs.requests.length,
    recording: async () => (await readIndex(world.archive, "conv_1")).index.recording,
    absence: async () => (await world.rows("conversations"))[0]?.["recording_absence"],
  };
}

test.each([{}, { has_audio: true }])("stores a recording that is ready after half a minute: %j", async (data) => {
  const world = await aLateWorld();
  const first = await world.take(aTranscription(data));
  expect(first).toMatchObject({ outcome: "processed", steps: ["rows", "memory"] });
  expect(first).toMatchObject({ retryAt: new Date(NOW.getTime() + 30_000) });
  expect(await world.absence()).toBe("waiting");
  world.elevenLabs.recordings.set("conv_1", MP3);
  world.pass(30);
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed", steps: ["audio"], lagSeconds: null });
  expect(world.archive.objects.get(MP3_KEY)?.body.equals(MP3)).toBe(true);
  expect([await world.recording(), await world.absence()]).toEqual([undefined, null]);
  expect(await world.rows("recordings")).toHaveLength(1);
  expect(await world.process(KEY)).toEqual({ outcome: "duplicate" });
});

test.each<[string, Fault]>([
  ["404", { does: "answer", status: 404, body: '{"detail":{"status":"missing_conversation_audio"}}' }],
  ["404 with no JSON", { does: "answer", status: 404, body: "not here" }],
  ["400", { does: "answer", status: 400, body: '{"detail":"not now"}' }],
  ["422", { does: "answer", status: 422, body: "{}" }],
  ["an empty 200", { does: "answer", status: 200, headers: { "content-type": "audio/mpeg" }, body: "" }],
  ["an empty 200 without a type", { does: "answer", status: 200, headers: {}, body: "" }],
  [
    "a 200 with bytes that are not an MP3",
    { does: "answer", status: 200, headers: { "content-type": "audio/mpeg" }, body: "RIFF....WAVE" },
  ],
])("%s means that there is no recording yet: it is requested again, and no step fails", async (_, fault) => {
  const world = await aLateWorld();
  world.elevenLabs.recordings.set("conv_1", MP3);
  world.elevenLabs.fail(fault);
  expect(await world.take(aTranscription({ has_audio: true }))).toMatchObject({
    outcome: "processed",
    retryAt: new Date(NOW.getTime() + 30_000),
  });
  expect([world.requestCount(), world.archive.objects.has(MP3_KEY)]).toEqual([1, false]);
  expect(await world.recording()).toMatchObject({ state: "waiting", asked_at: NOW.toISOString() });
  world.pass(31);
  await world.process(KEY);
  expect(world.archive.objects.get(MP3_KEY)?.body.equals(MP3)).toBe(true);
});

test("requests a recording after 30 seconds, 2 and 10 minutes, then less often, until a day after the call", async () => {
  const world = await aLateWorld();
  world.setClock(afterTheEnd(10));
  let outcome = await world.take(aTranscription({ has_audio: true }));
  const pauses: number[] = [];
  let requested = afterTheEnd(10);
  while ("retryAt" in outcome && outcome.retryAt) {
    pauses.push(Math.round((outcome.retryAt.getTime() - requested.getTime()) / 1000));
    requested = outcome.retryAt;
    world.setClock(requested);
    outcome = await world.process(KEY);
  }
  expect(pauses.slice(0, 8)).toEqual([30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800]);
  expect(requested).toEqual(afterTheEnd(A_DAY));
  expect(world.requestCount()).toBe(pauses.length + 1);
  expect(await world.recording()).toEqual({ state: "not_produced", asked_at: requested.toISOString() });
  expect(await world.absence()).toBe("not_produced");
  expect(await world.process(KEY)).toEqual({ outcome: "duplicate" });
});

test("requests nothing before its time, and a call that waits counts as processed", async () => {
  const world = await aLateWorld();
  await world.take(aTranscription());
  world.pass(29);
  const retryAt = new Date(NOW.getTime() + 30_000);
  expect(await world.process(KEY)).toEqual({ outcome: "duplicate", retryAt });
  expect([world.requestCount(), await isProcessed(KEY, world.archive)]).toEqual([1, true]);
  expect(await world.process(KEY, { fetchesEarly: true })).toMatchObject({ outcome: "processed" });
  expect(world.requestCount()).toBe(2);
});

test("requests the recording of a call from more than a day ago once", async () => {
  const world = await aLateWorld();
  world.setClock(afterTheEnd(A_DAY));
  expect(await world.take(aTranscription({ has_audio: true }))).toMatchObject({ steps: ["audio", "rows", "memory"] });
  expect(await world.absence()).toBe("not_produced");
});

test("a call whose start is in the future waits at most a day from its receipt", async () => {
  const world = await aLateWorld();
  const later = START + 30 * A_DAY;
  await world.take(aTranscription({ metadata: { start_time_unix_secs: later, call_duration_secs: 9 } }));
  world.pass(A_DAY);
  await world.process("anonymous/conv_1.json");
  expect(await world.absence()).toBe("not_produced");
});

test("a conversation that ElevenLabs does not have counts as deleted an hour after its end", async () => {
  const world = await aLateWorld();
  world.elevenLabs.deleted.add("conv_1");
  await world.take(aTranscription());
  expect(await world.absence()).toBe("waiting");
  world.setClock(afterTheEnd(3_600));
  await world.process(KEY);
  expect(await world.recording()).toMatchObject({ state: "deleted", asked_at: afterTheEnd(3_600).toISOString() });
  expect(await world.absence()).toBe("deleted");
});

test("a recording that is not an MP3 for a day is not decodable, and not dead-lettered", async () => {
  const world = await aLateWorld();
  world.elevenLabs.recordings.set("conv_1", Buffer.from("RIFF....WAVEfmt and so on"));
  await world.take(aTranscription());
  expect(await world.absence()).toBe("waiting");
  world.setClock(afterTheEnd(A_DAY));
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed", steps: ["audio"] });
  expect(await world.absence()).toBe("not_decodable");
});

test.each([
  ["has_audio is false", { has_audio: false }],
  ["text_only is true", { metadata: { start_time_unix_secs: START, call_duration_secs: 40, text_only: true } }],
])("the absence is off, and nothing is requested, if %s", async (_, data) => {
  const world = await aLateWorld();
  await world.take(aTranscription(data));
  expect([world.requestCount(), await world.recording(), await world.absence()]).toEqual([0, { state: "off" }, "off"]);
});

test("without an API key no recording is requested and no call waits", async () => {
  const world = aWorld();
  expect(await world.take(aTranscription())).toMatchObject({ steps: ["audio", "rows", "memory"] });
  const { index } = await readIndex(world.archive, "conv_1");
  expect([index.recording, (await world.rows("conversations"))[0]?.["recording_absence"]]).toEqual([undefined, null]);
});

test("a call stops waiting when its recording is delivered", async () => {
  const world = await aLateWorld();
  await world.take(aTranscription());
  await world.take(anAudio());
  expect([await world.recording(), await world.absence()]).toEqual([undefined, null]);
  expect(await world.rows("turns")).toHaveLength(2);
  world.pass(30);
  expect(await world.process(KEY)).toEqual({ outcome: "duplicate" });
  expect(world.requestCount()).toBe(1);
});

test("a call stops waiting when a person puts an MP3 beside the JSON and reprocesses it", async () => {
  const world = await aLateWorld();
  await world.take(aTranscription());
  await world.archive.put(MP3_KEY, MP3);
  await world.archive.rePut(KEY, "audio");
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed", steps: ["audio"] });
  expect([await world.recording(), await world.absence()]).toEqual([undefined, null]);
});

test("the absence is not decodable if the delivered audio is not an MP3 and ElevenLabs has none", async () => {
  const broken = anAudio({ full_audio: Buffer.from("no recording").toString("base64") });
  const withoutKey = aWorld();
  await withoutKey.take(aTranscription());
  await expect(withoutKey.take(broken)).rejects.toThrow("not an MP3");
  expect(await withoutKey.rows("conversations")).toMatchObject([{ recording_absence: "not_decodable" }]);

  const world = await aLateWorld();
  await expect(world.take(broken)).rejects.toThrow("not an MP3");
  await world.take(aTranscription());
  expect(await world.absence()).toBe("waiting");
  world.setClock(afterTheEnd(A_DAY));
  await world.process(KEY);
  expect(await world.absence()).toBe("not_decodable");
});

test("a call fails if its embedded recording is not an MP3, and its row contains the reason", async () => {
  const world = await aLateWorld();
  const full_audio = Buffer.from("no recording").toString("base64");
  await expect(world.take(aTranscription({ full_audio }))).rejects.toThrow("not an MP3");
  expect(await world.absence()).toBe("not_decodable");
});

test("a refused key is a failure, and the call still waits for its recording", async () => {
  const world = await aLateWorld();
  await world.take(aTranscription());
  world.pass(30);
  world.elevenLabs.fail({ does: "answer", status: 401 });
  await expect(world.process(KEY)).rejects.toThrow("check ELEVENLABS_API_KEY");
  expect(await isProcessed(KEY, world.archive)).toBe(false);
  expect(await world.recording()).toMatchObject({ state: "waiting" });
  expect(await world.process(KEY)).toMatchObject({ outcome: "processed", retryAt: expect.any(Date) });
});

test("requests the recording of a call again when a person reprocesses it", async () => {
  const world = await aLateWorld();
  world.setClock(afterTheEnd(A_DAY));
  await world.take(aTranscription());
  world.elevenLabs.recordings.set("conv_1", MP3);
  await world.archive.rePut(KEY, "audio");
  await world.process(KEY);
  expect([await world.recording(), await world.absence()]).toEqual([undefined, null]);
  expect(await world.rows("recordings")).toHaveLength(1);
});
