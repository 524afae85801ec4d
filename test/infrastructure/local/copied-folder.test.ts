import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import pMap from "p-map";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startArchive } from "../../../infrastructure/local/running-archive.ts";
import { settingsFrom } from "../../../infrastructure/local/settings.ts";
import { runCommand } from "../../support/fixtures/command.ts";
import { COPIED_CALLS } from "../../support/fixtures/copied-calls.ts";
import { copyWithNewTimes, copyWithTimes } from "../../support/fixtures/copies.ts";
import { aTranscription, MP3 } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, outputs, post, SECRET, tree } from "../../support/fixtures/local.ts";

const VERIFY = "verify";
const REPROCESS = "reprocess";
const KEY = "12025550101/conv_1.json";

/** A call. The second contains its recording, and the third is put by hand. */
const call = (n: number) =>
  aTranscription({ conversation_id: `conv_${n}`, ...(n === 1 && { full_audio: MP3.toString("base64") }) });

let original: string;
beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), "call-archive-copied-"));
  const settings = settingsFrom({ ARCHIVE_DIR: original, PORT: "0", ELEVENLABS_WEBHOOK_SECRET: SECRET });
  const archive = await startArchive(settings, () => {});
  const delivered = Array.from({ length: COPIED_CALLS }, (_, n) => n).filter((n) => n !== 2);
  await pMap(delivered, (n) => post(archive.url, call(n)), { concurrency: 8 });
  await writeFile(join(original, "archive/12025550101/conv_2.json"), call(2));
  await archive.queueIfUnprocessed("12025550101/conv_2.json");
  await archive.queue.idle();
  await archive.close();
});
afterAll(() => rm(original, { recursive: true, force: true }));

/** Starts the archive in `folder`, lets it finish, stops it, and returns the keys that it processed. */
async function processedIn(folder: string): Promise<string[]> {
  const archive = await aRunningArchive(folder);
  const found = await archive.recovered;
  await archive.queue.idle();
  await archive.close();
  expect(archive.failed()).toBe(0);
  expect(found).toBe(archive.log.filter(({ event }) => event !== "recovered").length);
  return archive.log.filter(({ event }) => event === "processed").map(({ key }) => String(key));
}

/** Changes the time of every file of a folder with `change`, in seconds. */
async function retimed(folder: string, change: (seconds: number) => number): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of found.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    const seconds = change((await stat(path)).mtimeMs / 1000);
    await utimes(path, seconds, seconds);
  }
}

/** The ways to copy a folder, with their effect on times. */
const WAYS: readonly (readonly [
  how: string,
  copy: typeof copyWithTimes,
  times: ((seconds: number) => number) | undefined,
])[] = [
  ["with its times (cp -a, rsync -a)", copyWithTimes, undefined],
  ["with new times (cp -r, a restore)", copyWithNewTimes, undefined],
  ["with whole seconds (rsync, many file systems)", copyWithTimes, Math.floor],
  ["with microseconds (tar, many file systems)", copyWithTimes, (seconds) => Math.floor(seconds * 1e6) / 1e6],
];

async function copied(copy: typeof copyWithTimes, times: ((seconds: number) => number) | undefined): Promise<string> {
  const parent = await newFolder();
  const folder = join(parent, "copy");
  await copy(original, folder);
  if (times) await retimed(folder, times);
  return folder;
}

test.each([...WAYS])("nothing is processed in a folder that was copied %s", async (_how, copy, times) => {
  const folder = await copied(copy, times);
  const before = await outputs(folder);
  const verified = await runCommand(VERIFY, folder, [], { ELEVENLABS_WEBHOOK_SECRET: SECRET });
  expect(verified.out).not.toContain("finding");
  expect(verified.code).toBe(0);
  expect(await processedIn(folder)).toEqual([]);
  expect(await processedIn(folder)).toEqual([]);
  expect(await outputs(folder)).toEqual(before);
});

test("a command in a copied folder processes only the requested conversation", async () => {
  const folder = await copied(copyWithNewTimes, undefined);
  const { code, out } = await runCommand(REPROCESS, folder, ["--conversation", "conv_1", "--yes"]);
  expect([code, out]).toEqual([0, expect.stringMatching(/^1 /)]);
  expect(await processedIn(folder)).toEqual([]);
});

test("in a copied folder only an object whose bytes differ from those on record is processed", async () => {
  const folder = await copied(copyWithNewTimes, undefined);
  const path = join(folder, "archive", KEY);
  await writeFile(path, (await readFile(path, "utf8")).replace("a refund", "no refund"));
  expect(await processedIn(folder)).toEqual(["***01/conv_1.json"]);
});

test.skipIf(sep === "\\")("a file whose name is no key does not end the recovery of a copied folder", async () => {
  const folder = await copied(copyWithNewTimes, undefined);
  await writeFile(join(folder, "archive", "12025550101", "a\\b.json"), call(9));
  await rm(join(folder, "archive/_index/conv_1"));
  expect(await processedIn(folder)).toEqual(["***01/conv_1.json"]);
  const verified = await runCommand(VERIFY, folder, [], { ELEVENLABS_WEBHOOK_SECRET: SECRET });
  expect(verified.out).toContain("[stray] has a key that nothing processes");
});

test("an object that cannot be examined is named, the others are recovered, and the next start tries again", async () => {
  const folder = await copied(copyWithNewTimes, undefined);
  const sidecar = join(folder, "metadata/archive", "12025550101/conv_0.json.json");
  const bytes = await readFile(sidecar);
  await rm(sidecar);
  await mkdir(sidecar);
  await rm(join(folder, "archive/_index/conv_1"));

  const archive = await aRunningArchive(folder);
  await archive.recovered;
  await archive.queue.idle();
  const health = await (await fetch(`${archive.url}/health`)).json();
  await archive.close();
  const logged = archive.log.map(({ event, key }) => [event, key]);
  expect(logged).toContainEqual(["processed", "***01/conv_1.json"]);
  expect(logged).toContainEqual(["not examined", "***01/conv_0.json"]);
  expect(health).toMatchObject({
    status: "degraded",
    pending: 0,
    reason: expect.stringMatching(/^1 stored object could/),
  });

  await rm(sidecar, { recursive: true });
  await writeFile(sidecar, bytes);
  expect(await processedIn(folder)).toEqual([]);
});

test("an object that was not processed in the original is processed in the copy", async () => {
  const folder = await copied(copyWithNewTimes, undefined);
  await rm(join(folder, "archive/_index/conv_1"));
  expect(await processedIn(folder)).toEqual(["***01/conv_1.json"]);
});

test("a touched file is an upload, even in a copied folder", async () => {
  const folder = await copied(copyWithNewTimes, undefined);
  expect(await processedIn(folder)).toEqual([]);
  await utimes(join(folder, "archive", KEY), new Date(), new Date());
  expect(await processedIn(folder)).toEqual(["***01/conv_1.json"]);
  expect(await processedIn(folder)).toEqual([]);
});

test("an archive that is stopped while it adopts a copy continues at the next start", async () => {
  const folder = await copied(copyWithNewTimes, undefined);
  const archive = await aRunningArchive(folder);
  await archive.close();
  expect(await processedIn(folder)).toEqual([]);
});

test("objects of a folder of an earlier version, whose records contain inodes, are not processed again", async () => {
  const folder = await copied(copyWithTimes, undefined);
  for (const name of await readdir(join(folder, "archive/_index"))) {
    const path = join(folder, "archive/_index", name);
    const { checksum: _, ...index } = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify(index).replace(/"version":"(\d+)"/g, '"version":"$1-1234567"'));
  }
  await rm(join(folder, "stamp"));
  const before = await tree(join(folder, "archive"));
  expect(await processedIn(folder)).toEqual([]);
  expect(await tree(join(folder, "archive"))).toEqual(before);
});
