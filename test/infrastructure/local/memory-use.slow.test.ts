import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../handlers/call/digest.ts";
import { silentMp3 } from "../../../infrastructure/samples/silent-mp3.ts";
import { anArchiveProcess } from "../../support/fixtures/archive-process.ts";
import { anAudio, aTranscription } from "../../support/fixtures/events.ts";
import { flood } from "../../support/fixtures/flood.ts";
import { newFolder, post, SECRET } from "../../support/fixtures/local.ts";
import { postChunked } from "../../support/fixtures/post-chunked.ts";
import { residentBytes } from "../../support/fixtures/spawned-archive.ts";

const MB = 1_000_000;

/** 33.75 MB of recording: 45 MB in base64, a call of 35 minutes. */
const RECORDING = Buffer.concat(Array.from({ length: 5 }, () => silentMp3({ seconds: 422, title: "" })));
const FULL_AUDIO = RECORDING.toString("base64");

// Only Linux reports the peak memory of a process.
describe.skipIf(process.platform !== "linux")(
  "a chunked body of 45 MB costs at most twice its size (measured on Linux only)",
  () => {
    test.each([
      ["a delivery of audio", [aTranscription()], anAudio({ full_audio: FULL_AUDIO })],
      ["a transcription with its recording", [], aTranscription({ full_audio: FULL_AUDIO })],
    ])("%s", async (_, before, body) => {
      expect(body.length).toBeGreaterThan(45 * MB);
      const folder = await newFolder();
      const archive = await anArchiveProcess(folder);
      for (const each of before) await post(archive.url, each);
      await expect.poll(archive.health).toMatchObject({ pending: 0 });
      const atRest = await residentBytes(archive.pid, "VmHWM");

      expect(await postChunked(archive.url, body, SECRET)).toBe(200);
      await expect.poll(archive.health).toMatchObject({ pending: 0, failed: 0 });

      const stored = await readFile(join(folder, "archive/12025550101/conv_1.mp3"));
      expect(sha256(stored)).toBe(sha256(RECORDING));
      expect((await residentBytes(archive.pid, "VmHWM")) - atRest).toBeLessThan(2 * body.length);
      await archive.stop();
    });
  },
);

// `node test/measure/flood.ts` does the same with more and larger bodies.
describe.skipIf(process.platform !== "linux")("many large bodies at once (measured on Linux only)", () => {
  const LIMIT = 16 * MB;

  test("need almost no memory if they are not signed", async () => {
    const archive = await anArchiveProcess(await newFolder());
    const unsigned = { count: 10, bytes: 15 * MB, secret: undefined, content: "recording" } as const;
    const { answers, grownBytes } = await flood(archive, unsigned);
    expect(answers).toEqual({ 401: 10 });
    expect(grownBytes).toBeLessThan(40 * MB);
    await archive.stop();
  });

  test("need the limit in flight and the memory to process one of them if they are signed", async () => {
    const archive = await anArchiveProcess(await newFolder(), { MAX_BYTES_IN_FLIGHT: String(LIMIT) });
    const signed = { count: 16, bytes: 6 * MB, secret: SECRET, content: "recording" } as const;
    const { answers, failed, grownBytes } = await flood(archive, signed);
    expect([answers, failed]).toEqual([{ 200: 16 }, 0]);
    expect(grownBytes).toBeLessThan(LIMIT + 80 * MB);
    await archive.stop();
  });
});
