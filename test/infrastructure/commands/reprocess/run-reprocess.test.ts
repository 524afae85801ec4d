import { once } from "node:events";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { folderArchive } from "../../../../handlers/clients/archive/folder-archive.client.ts";
import { isProcessed } from "../../../../handlers/process/is-processed.ts";
import { anArchiveProcess } from "../../../support/fixtures/archive-process.ts";
import { runCommand, spawnCommand, withoutProgress } from "../../../support/fixtures/command.ts";
import { aFailure, anAudio, aTranscription, bodyOf, metadataWith, START } from "../../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, outputs, post, tree } from "../../../support/fixtures/local.ts";

const CLI = "reprocess";
const DAY = 24 * 60 * 60;
const ANNA = { user_id: "anna", metadata: metadataWith({ phone_call: null, start_time_unix_secs: START + DAY }) };

const reprocess = (folder: string, ...args: string[]) => runCommand(CLI, folder, args);

/** What it prints before it begins. */
const extent = (folder: string, text: string) => `In the archive in ${folder}: ${text}\n`;

/** Runs `npm run reprocess | head`, whose reader has stopped. */
async function reprocessUnread(folder: string): Promise<{ code: unknown; error: string }> {
  const child = spawnCommand(CLI, folder, []);
  child.stdout.destroy();
  const [error, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code, error: withoutProgress(error) };
}

/** A folder with three calls: of a number, of a user a day later, and a failed attempt. No archive runs in it. */
async function anArchive(...more: Buffer[]): Promise<string> {
  const folder = await newFolder();
  const { url, queue, close } = await aRunningArchive(folder);
  const failure = aFailure({ conversation_id: "conv_3" });
  const anna = aTranscription({ conversation_id: "conv_2", ...ANNA });
  for (const body of [anAudio(), aTranscription(), anna, failure, ...more]) await post(url, body);
  await queue.idle();
  await close();
  return folder;
}

test("rebuilds everything, and a second run has the same result", async () => {
  const folder = await anArchive();
  const before = await outputs(folder);
  await rm(join(folder, "analytics"), { recursive: true });
  await rm(join(folder, "archive/12025550101/conv_1.mp3"));
  const done = { code: 0, out: "3 objects processed again\n", error: extent(folder, "3 objects, 1.3 kB") };
  expect(await reprocess(folder)).toEqual(done);
  const after = await outputs(folder);
  // Only the time at which a recording was stored again differs.
  const isStoredAt = (line: string) => line.startsWith("live/recordings/");
  expect(after.filter((line) => !isStoredAt(line))).toEqual(before.filter((line) => !isStoredAt(line)));
  expect(await reprocess(folder)).toEqual(done);
  expect(await outputs(folder)).toEqual(after);
});

test("moves a delivery that an earlier version could not route to its call, and leaves others", async () => {
  const folder = await newFolder();
  const { archive, queue, url, close } = await aRunningArchive(folder);
  const body = aTranscription({ conversation_id: "conv_9" });
  const metadata = { source: "webhook", "received-at": new Date().toISOString() };
  await archive.put("_other/untyped/conv_9.json", body, { metadata });
  queue.add("_other/untyped/conv_9.json");
  await post(url, bodyOf("answering_machine_detection", { conversation_id: "conv_8" }));
  await queue.idle();
  await close();
  expect(await outputs(folder)).not.toContainEqual(expect.stringContaining("12025550101/conv_9.json"));
  expect(await reprocess(folder)).toMatchObject({ code: 0, out: "2 objects processed again\n" });
  const after = await outputs(folder);
  expect(after).toContainEqual(expect.stringContaining("12025550101/conv_9.json"));
  expect(after).toContainEqual(expect.stringContaining("live/conversations/"));
  expect(after.filter((line) => line.includes("_other/") || line.includes("live/unrouted/"))).toEqual([
    expect.stringContaining("_other/answering_machine_detection/conv_8.json"),
    expect.stringContaining("live/unrouted/"),
  ]);
});

test("a dry run lists the selected objects, and changes none", async () => {
  const folder = await anArchive();
  const uploadedAt = () => timesOf(folder, "archive/12025550101/conv_1.json");
  const before = [await uploadedAt(), await tree(folder)];
  const [number, failure] = ["12025550101/conv_1.json", "442079460100/conv_3.failure.json"];
  const [all, some, none] = await Promise.all([
    reprocess(folder, "--dry-run"),
    reprocess(folder, "--dry-run", "--to", "2026-11-20", "--only", "audio, rows"),
    reprocess(folder, "--dry-run", "--caller", "+1 202 555-0101", "--agent", "agent_2"),
  ]);
  expect(all.out).toBe(`${number}\n${failure}\nuser-anna/conv_2.json\n3 objects would be processed again\n`);
  expect(some.out).toBe(`${number}\n${failure}\n2 objects would be processed again\n`);
  expect(none.out).toBe("Nothing matches: nothing to do\n");
  expect([await uploadedAt(), await tree(folder)]).toEqual(before);
});

test("reports that there is nothing to do, also if there is no archive", async () => {
  const nothing = { code: 0, out: "Nothing matches: nothing to do\n", error: "" };
  const folder = await newFolder();
  expect(await reprocess(folder, "--caller", "user-unknown")).toEqual(nothing);
  expect(await readdir(folder)).toEqual([]);
});

test("the exit status is 1 if some objects failed, and the output leads to the reasons", async () => {
  const folder = await anArchive(aTranscription({ conversation_id: "conv_4", full_audio: "!!!" }));
  const { code, out } = await reprocess(folder, "--conversation", "conv_4");
  expect(code).toBe(1);
  expect(out).toMatch(/"event":"dead-lettered".*not base64/);
  expect(out).toMatch(`1 object processed again; 1 dead-lettered, see ${join(folder, "dead-letters")}\n`);
  // Earlier dead letters that were not selected do not count.
  expect(await reprocess(folder, "--conversation", "conv_1")).toMatchObject({ code: 0 });
});

test("leaves the work to the archive that runs in the folder", async () => {
  const folder = await anArchive();
  const rows = join(folder, "analytics/live/conversations/dt=2026-11-20/hr=10/conv_1.parquet");
  await rm(rows);
  const running = await anArchiveProcess(folder);
  const { code, out } = await reprocess(folder, "--conversation", "conv_1");
  expect([code, out]).toEqual([
    0,
    expect.stringMatching("^1 object re-put: the archive that runs in .* processes them, GET /health returns"),
  ]);
  await expect.poll(() => stat(rows).then(({ size }) => size > 0)).toBe(true);
  await running.stop();
});

test("finishes its work when its output is no longer read", async () => {
  const folder = await anArchive(aTranscription({ conversation_id: "conv_4", full_audio: "!!!" }));
  const before = await tree(join(folder, "analytics/live"));
  await rm(join(folder, "analytics"), { recursive: true });
  expect(await reprocessUnread(folder)).toEqual({ code: 1, error: extent(folder, "4 objects, 1.9 kB") });
  expect(await tree(join(folder, "analytics/live"))).toEqual(before);
  await expect(stat(join(folder, "lock"))).rejects.toThrow("ENOENT");
});

test("does nothing on a stack without --yes or a terminal, and prints no stack trace", async () => {
  const { code, out, error } = await reprocess(".", "--stack", "CallArchive");
  expect([code, out]).toEqual([2, ""]);
  expect(error).toMatch(/^--stack CallArchive costs money, and there is no terminal to ask on: add --yes\n/);
  expect(error).not.toMatch(/^\s+at /m);
});

test("prints its help", async () => {
  const { code, out } = await reprocess(".", "--help");
  expect([code, out]).toEqual([0, expect.stringContaining("Usage: npm run reprocess")]);
});

test("repeats only the named steps, and does not change the recording or the memories", async () => {
  const folder = await anArchive();
  const before = await outputs(folder);
  const times = () => timesOf(folder, "archive/12025550101/conv_1.mp3", "memories/+12025550101.jsonl");
  const timesBefore = await times();
  const rows = "analytics/live/conversations/dt=2026-11-20/hr=10/conv_1.parquet";
  const [rowsBefore] = await timesOf(folder, rows);
  await rm(join(folder, "analytics/live/turns"), { recursive: true });
  expect(await reprocess(folder, "--only", "rows")).toMatchObject({ code: 0, out: "3 objects processed again\n" });
  expect(await outputs(folder)).toEqual(before);
  expect(await times()).toEqual(timesBefore);
  expect(await timesOf(folder, rows)).not.toEqual([rowsBefore]);
});

test("reads conversations from standard input or a file, and names those that do not exist", async () => {
  const folder = await anArchive();
  const ids = "conversation_id,calls\r\nconv_9,1\r\nconv_2,1\r\nconv_1,1\r\n";
  const { code, out, error } = await runCommand(CLI, folder, ["--ids", "-", "--only", "rows"], {}, { input: ids });
  expect([code, out]).toEqual([1, "2 objects processed again\n"]);
  expect(error).toBe(`The archive has no record of conv_9\n${extent(folder, "2 objects, 1.1 kB")}`);
  const file = join(folder, "table");
  await writeFile(file, "conversation_id  calls\n---------------  -----\n");
  const wrong = await reprocess(folder, "--ids", file);
  expect(wrong).toMatchObject({ code: 2, error: expect.stringContaining("table: Line 1 has no conversation id") });
  for (const path of [join(folder, "nowhere"), folder])
    expect(await reprocess(folder, "--ids", path)).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^--ids \S+ must be a file that can be read, or - for standard input \(E/),
    });
});

test("after a kill, the same command continues and leaves nothing out", async () => {
  const folder = await aFolderOf(130);
  const child = spawnCommand(CLI, folder, ["--rate", "1000"]);
  await expect.poll(() => readdir(join(folder, "reprocess")).catch(() => []), QUICKLY).toContainEqual(NOTE);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await unprocessed(folder)).not.toEqual([]);

  const { code, out, error } = await reprocess(folder);
  expect([code, out]).toEqual([0, "130 objects processed again\n"]);
  expect(error).toMatch(/^Continuing after _other\/new\/conv_199\.json: 100 objects were re-put before/);
  expect(error).toContain(": 30 objects,");
  expect(await unprocessed(folder)).toEqual([]);
  expect(await readdir(join(folder, "reprocess"))).toEqual([]);
});

// On Windows, a process cannot send Ctrl-C to another one.
test.skipIf(process.platform === "win32")(
  "after Ctrl-C it prints how to continue, and continues or starts from the beginning",
  async () => {
    const folder = await aFolderOf(20);
    const child = spawnCommand(CLI, folder, ["--rate", "40"]);
    const printed = text(child.stderr);
    await expect.poll(() => unprocessed(folder).then(({ length }) => length), QUICKLY).toBeLessThan(20);
    child.kill("SIGINT");
    const [[code], error] = await Promise.all([once(child, "exit"), printed]);
    expect(code).toBe(130);
    const [, done] = /Stopped after (\d+) objects?\. The same command continues from there/.exec(error) ?? [];
    expect(Number(done)).toBeGreaterThan(0);

    expect((await reprocess(folder, "--again", "--dry-run")).error).toContain(": 20 objects, ");
    const { out, error: errorThen } = await reprocess(folder);
    expect(out).toBe("20 objects processed again\n");
    expect(errorThen).toMatch(new RegExp(`: ${20 - Number(done)} objects?, `));
    expect(await unprocessed(folder)).toEqual([]);
  },
);

const QUICKLY = { interval: 5 };
const NOTE = expect.stringMatching(/^[0-9a-f]{16}\.json$/);

/** A folder with `count` objects that are not processed yet. */
async function aFolderOf(count: number): Promise<string> {
  const folder = await newFolder();
  await mkdir(join(folder, "archive/_other/new"), { recursive: true });
  for (let n = 100; n < 100 + count; n += 1) {
    await writeFile(join(folder, `archive/_other/new/conv_${n}.json`), bodyOf("new", { conversation_id: `conv_${n}` }));
  }
  return folder;
}

/** The keys in `folder` that are still to be processed. */
async function unprocessed(folder: string): Promise<string[]> {
  const archive = folderArchive(folder, "archive");
  const keys: string[] = [];
  for await (const { key } of archive.list("")) if (!(await isProcessed(key, archive))) keys.push(key);
  return keys;
}

function timesOf(folder: string, ...paths: string[]): Promise<bigint[]> {
  return Promise.all(paths.map(async (path) => (await stat(join(folder, path), { bigint: true })).mtimeNs));
}
