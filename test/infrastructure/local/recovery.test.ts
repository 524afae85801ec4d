import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { receiveWebhook } from "../../../handlers/receive/receive.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { anAudio, aTranscription, MP3 } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, outputs, post, SECRET } from "../../support/fixtures/local.ts";

const RAW = "archive/12025550101/conv_1.json";

/** Stores deliveries like a receiver whose process dies before processing. */
async function stored(folder: string, ...bodies: Buffer[]): Promise<void> {
  const archive = folderArchive(folder, "archive");
  const now = () => new Date();
  for (const body of bodies) {
    const delivery = { signature: signature(body, SECRET, now()), body };
    await receiveWebhook(delivery, { archive, secrets: async () => [SECRET], toleranceSeconds: 1800, now });
  }
}

/** Starts the archive, lets it finish, stops it, and returns what it found and did. */
async function started(folder: string) {
  const archive = await aRunningArchive(folder);
  const found = await archive.recovered;
  await archive.queue.idle();
  await archive.close();
  return {
    found,
    logged: archive.log.filter(({ event }) => event === "recovered").map(({ objects }) => objects),
    failed: archive.failed(),
    processed: archive.log.filter(({ event }) => event === "processed").length,
  };
}

test("objects that were stored but not processed are processed at the next start, and not again later", async () => {
  const folder = await newFolder();
  await stored(folder, anAudio(), aTranscription());
  expect(await started(folder)).toEqual({ found: 2, logged: [2], failed: 0, processed: 2 });
  expect(await readFile(join(folder, "archive/12025550101/conv_1.mp3"))).toEqual(MP3);
  expect(await started(folder)).toEqual({ found: 0, logged: [0], failed: 0, processed: 0 });
});

test("an unprocessed object is pending while recovery looks for it", async () => {
  const folder = await newFolder();
  await stored(folder, aTranscription());
  const { url, recovered, queue } = await aRunningArchive(folder);
  const health = async () => (await fetch(`${url}/health`)).json();
  const seen: { pending: number }[] = [];
  while (seen.at(-1)?.pending !== 0) seen.push(Object(await health()));
  await recovered;
  expect(queue.pending).toBe(0);
  expect((await outputs(folder)).join("\n")).toContain("live/conversations");
});

test("each start retries a dead letter", async () => {
  const folder = await newFolder();
  await stored(folder, anAudio({ full_audio: "!!!" }));
  expect(await started(folder)).toEqual({ found: 1, logged: [1], failed: 1, processed: 0 });
  expect(await started(folder)).toEqual({ found: 1, logged: [1], failed: 1, processed: 0 });
});

test.each(["", "garbage", "[]", "null", '{"objects":null,"days":[]}', '{"objects":{},"days":7}'])(
  "an index with %j is rebuilt, and nothing is stored twice",
  async (damage) => {
    const folder = await newFolder();
    await stored(folder, aTranscription(), anAudio());
    await started(folder);
    const before = await outputs(folder);
    await writeFile(join(folder, "archive/_index/conv_1"), damage);
    expect(await started(folder)).toMatchObject({ failed: 0, processed: 2 });
    expect(await outputs(folder)).toEqual(before);
  },
);

test.each(["", "[{", "{}", "null", '[{"etag":1}]', "[null]"])(
  "metadata with %j counts as missing: the object is processed as an upload",
  async (damage) => {
    const folder = await newFolder();
    await stored(folder, aTranscription());
    await writeFile(join(folder, `metadata/${RAW}.json`), damage);
    expect(await started(folder)).toEqual({ found: 1, logged: [1], failed: 0, processed: 1 });
    const { url } = await aRunningArchive(folder);
    expect(await post(url, aTranscription())).toMatchObject({ status: 200 });
  },
);

test("removes temporary files of a crash", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, "tmp"), { recursive: true });
  await writeFile(join(folder, "tmp/half"), "x");
  await aRunningArchive(folder);
  expect(await readdir(join(folder, "tmp")).catch(() => [])).toEqual([]);
});

test("close does not wait for the end of recovery", async () => {
  const folder = await newFolder();
  await stored(folder, ...Array.from({ length: 20 }, (_, n) => aTranscription({ conversation_id: `conv_${n}` })));
  const archive = await aRunningArchive(folder);
  await archive.close();
  await expect(stat(join(folder, "lock"))).rejects.toThrow("ENOENT");
  expect(await archive.recovered).toBeLessThan(20);
});
