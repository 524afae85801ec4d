import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { receiveWebhook } from "../../../handlers/receive/receive.ts";
import { signature } from "../../../handlers/receive/signature.ts";
import { anAudio, aTranscription, MP3 } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, outputs, post, SECRET } from "../../support/fixtures/local.ts";

const RAW = "archive/12025550101/conv_1.json";

/** Stores deliveries as a receiver does whose process dies before anything else. */
async function stored(folder: string, ...bodies: Buffer[]): Promise<void> {
  const archive = folderArchive(folder, "archive");
  const now = () => new Date();
  for (const body of bodies) {
    const delivery = { signature: signature(body, SECRET, now()), body };
    await receiveWebhook(delivery, { archive, secrets: async () => [SECRET], toleranceSeconds: 1800, now });
  }
}

/** Starts the archive, lets it finish, and stops it: what it found to do, and what it did. */
async function started(folder: string) {
  const archive = await aRunningArchive(folder);
  const found = await archive.recovered;
  await archive.queue.idle();
  await archive.close();
  return {
    found,
    failed: archive.failed(),
    processed: archive.log.filter(({ event }) => event === "processed").length,
  };
}

test("what was stored and not processed is processed at the next start, and not at the one after", async () => {
  const folder = await newFolder();
  await stored(folder, anAudio(), aTranscription());
  expect(await started(folder)).toEqual({ found: 2, failed: 0, processed: 2 });
  expect(await readFile(join(folder, "archive/12025550101/conv_1.mp3"))).toEqual(MP3);
  expect(await started(folder)).toEqual({ found: 0, failed: 0, processed: 0 });
});

test("while it is being looked for, it is pending", async () => {
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

test("what was dead-lettered is tried again", async () => {
  const folder = await newFolder();
  await stored(folder, anAudio({ full_audio: "!!!" }));
  expect(await started(folder)).toEqual({ found: 1, failed: 1, processed: 0 });
  expect(await started(folder)).toEqual({ found: 1, failed: 1, processed: 0 });
});

test.each(["", "garbage", "[]", "null", '{"objects":null,"days":[]}', '{"objects":{},"days":7}'])(
  "an index that says %j is made anew, and nothing is doubled",
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
  "metadata that says %j is as good as none: the object is processed as a person's",
  async (damage) => {
    const folder = await newFolder();
    await stored(folder, aTranscription());
    await writeFile(join(folder, `metadata/${RAW}.json`), damage);
    expect(await started(folder)).toEqual({ found: 1, failed: 0, processed: 1 });
    const { url } = await aRunningArchive(folder);
    expect(await post(url, aTranscription())).toMatchObject({ status: 200 });
  },
);

test("what a crash left half written is swept up", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, "tmp"), { recursive: true });
  await writeFile(join(folder, "tmp/half"), "x");
  await aRunningArchive(folder);
  expect(await readdir(join(folder, "tmp")).catch(() => [])).toEqual([]);
});

test("ends while it is still looking, without waiting for the end of it", async () => {
  const folder = await newFolder();
  await stored(folder, ...Array.from({ length: 20 }, (_, n) => aTranscription({ conversation_id: `conv_${n}` })));
  const archive = await aRunningArchive(folder);
  await archive.close();
  await expect(stat(join(folder, "lock"))).rejects.toThrow("ENOENT");
  expect(await archive.recovered).toBeLessThan(20);
});
