import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import { anAudio, aTranscription, MP3 } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post } from "../../support/fixtures/local.ts";
import { elevenLabsServer } from "../../support/servers/elevenlabs-server.ts";

const KEY = "12025550101/conv_1.json";

/** A folder whose archive uses ElevenLabs, which has no recording yet, and a clock that a test sets. */
async function aFolder() {
  const elevenLabs = await elevenLabsServer();
  onTestFinished(elevenLabs.close);
  const folder = await newFolder();
  let ahead = 0;
  const env = {
    ELEVENLABS_API_KEY: "sk_test",
    ELEVENLABS_API_URL: elevenLabs.url,
    SIGNATURE_TOLERANCE_SECONDS: "300000000",
  };
  return {
    elevenLabs,
    folder,
    requestCount: () => elevenLabs.requests.length,
    pass(seconds: number) {
      ahead += 1000 * seconds;
    },
    async started() {
      const archive = await aRunningArchive(folder, env, () => new Date(Date.now() + ahead));
      await archive.recovered;
      await archive.queue.idle();
      return archive;
    },
  };
}

/** A call that began a minute ago. */
function aCall(): Buffer {
  const call_duration_secs = 40;
  const start_time_unix_secs = Math.floor(Date.now() / 1000) - 60;
  const phone_call = { direction: "inbound", external_number: "+12025550101", type: "twilio" };
  return aTranscription({ metadata: { start_time_unix_secs, call_duration_secs, phone_call } });
}

test("fetches a recording that is ready half a minute later, and nothing is pending meanwhile", async () => {
  const { elevenLabs, folder, requestCount, pass, started } = await aFolder();
  const archive = await started();
  await post(archive.url, aCall());
  await archive.queue.idle();
  expect([archive.queue.pending, archive.waiting(), archive.failed(), requestCount()]).toEqual([0, 1, 0, 1]);
  elevenLabs.recordings.set("conv_1", MP3);
  pass(30);
  await expect.poll(() => archive.waiting(), { timeout: 5_000 }).toBe(0);
  await archive.queue.idle();
  expect(await readFile(join(folder, "archive/12025550101/conv_1.mp3"))).toEqual(MP3);
  expect((await readIndex(archive.archive, "conv_1")).index.recording).toBeUndefined();
  expect(requestCount()).toBe(2);
});

test("each start requests the recording of a waiting call at once, and does not count it as recovered", async () => {
  const { elevenLabs, folder, requestCount, started } = await aFolder();
  const first = await started();
  await post(first.url, aCall());
  await first.queue.idle();
  await first.close();
  const second = await started();
  expect([await second.recovered, second.waiting(), requestCount()]).toEqual([0, 1, 2]);
  await second.close();
  elevenLabs.recordings.set("conv_1", MP3);
  const third = await started();
  expect([await third.recovered, third.waiting(), requestCount()]).toEqual([0, 0, 3]);
  expect(await readFile(join(folder, "archive/12025550101/conv_1.mp3"))).toEqual(MP3);
});

test("an event of the watch does not request the recording of a waiting call again, but replacing its file does", async () => {
  const { folder, requestCount, started } = await aFolder();
  const archive = await started();
  await post(archive.url, aCall());
  await archive.queue.idle();
  for (let n = 0; n < 5; n += 1) expect(await archive.queueIfUnprocessed(KEY)).toBe(false);
  await archive.queue.idle();
  expect([requestCount(), archive.waiting()]).toEqual([1, 1]);
  const path = join(folder, "archive", KEY);
  await writeFile(path, `${await readFile(path, "utf8")} `);
  await utimes(path, new Date(), new Date());
  await archive.queueIfUnprocessed(KEY);
  await archive.queue.idle();
  expect([requestCount(), archive.waiting()]).toEqual([2, 1]);
});

test("a delivery of audio ends the waiting of its call", async () => {
  const { requestCount, started } = await aFolder();
  const archive = await started();
  await post(archive.url, aCall());
  await archive.queue.idle();
  await post(archive.url, anAudio());
  await archive.queue.idle();
  expect([archive.waiting(), requestCount()]).toEqual([0, 1]);
});

test("after a day without a recording, a call stops waiting and is not dead-lettered", async () => {
  const { requestCount, pass, started } = await aFolder();
  const archive = await started();
  await post(archive.url, aTranscription({ ...JSON.parse(aCall().toString()).data, has_audio: true }));
  await archive.queue.idle();
  pass(86_400);
  await expect.poll(() => archive.waiting(), { timeout: 5_000 }).toBe(0);
  await archive.queue.idle();
  expect([archive.failed(), requestCount()]).toEqual([0, 2]);
  expect((await readIndex(archive.archive, "conv_1")).index.recording).toMatchObject({ state: "not_produced" });
  await archive.close();
  await started();
  expect(requestCount()).toBe(2);
});
