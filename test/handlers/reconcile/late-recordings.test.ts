import { expect, onTestFinished, test } from "vitest";
import { elevenLabsConversations } from "../../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import { type ReconcileWindowDeps, reconcile } from "../../../handlers/reconcile/reconcile.ts";
import { aTranscription, MP3, START } from "../../support/fixtures/events.ts";
import { virtualClock } from "../../support/fixtures/virtual-clock.ts";
import { aWorld, NOW } from "../../support/fixtures/world.ts";
import { elevenLabsServer } from "../../support/servers/elevenlabs-server.ts";

const KEY = "12025550101/conv_1.json";
const HOUR_MS = 3_600_000;
const DAY = { from: new Date("2026-11-20T00:00:00Z"), until: new Date("2026-11-21T00:00:00Z") };

/** A day after the ordinary call, which took 40 seconds. */
const DAY_OVER = new Date((START + 40) * 1000 + 24 * HOUR_MS);

/** The ordinary call, and an archive with an API key of ElevenLabs, which has no recording of it yet. */
async function aWaitingCall(data: Parameters<typeof aTranscription>[0] = {}, isQueried = true) {
  const server = await elevenLabsServer();
  onTestFinished(() => server.close());
  const body = aTranscription(data);
  server.conversations.set("conv_1", JSON.stringify(JSON.parse(body.toString()).data));
  const options = { apiKey: "sk_test", baseUrl: server.url, timeoutMs: 2_000, retries: 2, clock: virtualClock() };
  const recordings = elevenLabsRecordings(options);
  let now = NOW;
  const world = aWorld({ recordings, now: () => now });
  const key = await world.delivered(body);
  await world.process(key, isQueried ? {} : { recordings: undefined });
  const from = { archive: world.archive, conversations: elevenLabsConversations(options), recordings, now: () => now };
  return {
    server,
    world,
    requestCount: () => server.requests.filter(({ path }) => path.endsWith("/audio")).length,
    recording: async () => (await readIndex(world.archive, "conv_1")).index.recording,
    absence: async () => (await world.rows("conversations"))[0]?.["recording_absence"],
    version: async () => (await world.archive.head(KEY))?.version,
    /** Reconciles at `at`, and processes the resulting keys. */
    async runAt(at: Date, more: Partial<ReconcileWindowDeps> = {}) {
      now = at;
      const keys: string[] = [];
      const found = await reconcile(DAY, { ...from, ...more, onReconciled: ({ key }) => void (key && keys.push(key)) });
      for (const each of keys) await world.process(each);
      return found;
    },
  };
}

test("the next run fetches a recording that is ready hours after its call", async () => {
  const { server, world, runAt, recording, absence, version } = await aWaitingCall();
  const before = await version();
  expect(await runAt(new Date(NOW.getTime() + 2 * HOUR_MS))).toMatchObject({ present: 1, recoveredRecordings: 0 });
  expect([await version(), await absence()]).toEqual([before, "waiting"]);
  server.recordings.set("conv_1", MP3);
  expect(await runAt(new Date(NOW.getTime() + 3 * HOUR_MS))).toMatchObject({ recoveredRecordings: 1 });
  expect([await recording(), await absence()]).toEqual([undefined, null]);
  expect(await world.rows("recordings")).toHaveLength(1);
});

test.each([{}, { has_audio: true }])(
  "requests a recording a last time a day after the call, and not in later runs: %j",
  async (data) => {
    const { runAt, recording, absence, requestCount } = await aWaitingCall(data);
    await runAt(new Date(DAY_OVER.getTime() - 1));
    expect(await absence()).toBe("waiting");
    await runAt(DAY_OVER);
    expect(await recording()).toEqual({ state: "not_produced", asked_at: DAY_OVER.toISOString() });
    expect(await absence()).toBe("not_produced");
    const before = requestCount();
    expect(await runAt(new Date(DAY_OVER.getTime() + HOUR_MS))).toMatchObject({ unrecoverableRecordings: 0 });
    expect(requestCount()).toBe(before);
  },
);

test("records a conversation that ElevenLabs no longer has as deleted", async () => {
  const { server, runAt, absence } = await aWaitingCall();
  server.deleted.add("conv_1");
  await runAt(new Date(NOW.getTime() + 2 * HOUR_MS));
  expect(await absence()).toBe("deleted");
});

test("a run by a person requests the recording again, and changes nothing if there is none", async () => {
  const { server, world, runAt, absence, version } = await aWaitingCall();
  await runAt(DAY_OVER);
  const before = await version();
  await runAt(DAY_OVER, { retriesRecordings: true });
  expect(await version()).toBe(before);
  server.recordings.set("conv_1", MP3);
  expect(await runAt(DAY_OVER)).toMatchObject({ recoveredRecordings: 0 });
  expect(await runAt(DAY_OVER, { retriesRecordings: true })).toMatchObject({ recoveredRecordings: 1 });
  expect([await absence(), (await world.rows("recordings")).length]).toEqual([null, 1]);
});

test("a run by a person records why a call without an earlier request has no recording", async () => {
  const { runAt, absence, version } = await aWaitingCall({}, false);
  expect(await absence()).toBeNull();
  const before = await version();
  await runAt(DAY_OVER, { retriesRecordings: true, isDryRun: true });
  expect(await version()).toBe(before);
  await runAt(DAY_OVER, { retriesRecordings: true });
  expect(await absence()).toBe("not_produced");
});
