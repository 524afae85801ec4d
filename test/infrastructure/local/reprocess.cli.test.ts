import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { anArchiveProcess } from "../../fixtures/archive-process.ts";
import { runCommand } from "../../fixtures/command.ts";
import { aFailure, anAudio, aTranscription, metadataWith, START } from "../../fixtures/events.ts";
import { aRunningArchive, newFolder, outputs, post, tree } from "../../fixtures/local.ts";

const CLI = join(import.meta.dirname, "../../../infrastructure/local/reprocess.cli.ts");
const DAY = 24 * 60 * 60;
const ANNA = { user_id: "anna", metadata: metadataWith({ phone_call: null, start_time_unix_secs: START + DAY }) };

const reprocess = (folder: string, ...args: string[]) => runCommand(CLI, folder, args);

/** `npm run reprocess | head` that has seen enough. */
async function reprocessUnread(folder: string): Promise<{ code: unknown; error: string }> {
  const env = { PATH: process.env["PATH"], ARCHIVE_DIR: folder };
  const child = spawn(process.execPath, [CLI], { env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const [error, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code, error };
}

/** A folder with three calls: of a number, of a user a day later, and an attempt that failed. Nothing runs in it. */
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

test("makes everything anew, and twice leaves what once left", async () => {
  const folder = await anArchive();
  const before = await outputs(folder);
  await rm(join(folder, "analytics"), { recursive: true });
  await rm(join(folder, "archive/12025550101/conv_1.mp3"));
  for (let time = 0; time < 2; time += 1) {
    expect(await reprocess(folder)).toEqual({ code: 0, out: "3 calls processed again\n", error: "" });
    // When a recording was stored again is new; all else is as it was.
    const isStoredAt = (line: string) => line.startsWith("live/recordings/");
    expect((await outputs(folder)).filter((line) => !isStoredAt(line))).toEqual(
      before.filter((line) => !isStoredAt(line)),
    );
  }
  const after = await outputs(folder);
  await reprocess(folder);
  expect(await outputs(folder)).toEqual(after);
});

test("processes only what is asked for", async () => {
  const folder = await anArchive();
  const [number, failure, anna] = [
    "12025550101/conv_1.json",
    "442079460100/conv_3.failure.json",
    "user-anna/conv_2.json",
  ];
  const expected: [args: string[], keys: string[]][] = [
    [[], [number, failure, anna]],
    [["--caller", "+1 202 555-0101"], [number]],
    [["--caller", "12025550101"], [number]],
    [["--caller", "user-anna"], [anna]],
    [["--conversation", "conv_3"], [failure]],
    [["--from", "2026-11-21"], [anna]],
    [
      ["--to", "2026-11-20"],
      [number, failure],
    ],
    [["--caller", "user-anna", "--to", "2026-11-20"], []],
  ];
  const ran = await Promise.all(expected.map(([args]) => reprocess(folder, "--dry-run", ...args)));
  expect(ran.map(({ out }) => out.split("\n").slice(0, -2))).toEqual(expected.map(([, keys]) => keys));
  expect(ran.map(({ out }) => out.split("\n").at(-2))).toEqual(
    expected.map(([, { length }]) => `${length} ${length === 1 ? "call" : "calls"} would be processed again`),
  );
});

test("a dry run touches nothing", async () => {
  const folder = await anArchive();
  const uploadedAt = async () => (await stat(join(folder, "archive/12025550101/conv_1.json"))).mtimeMs;
  const before = [await uploadedAt(), await tree(folder)];
  await reprocess(folder, "--dry-run");
  expect([await uploadedAt(), await tree(folder)]).toEqual(before);
});

test("says when there is nothing to do, also where there is no archive", async () => {
  const nothing = { code: 0, out: "No call matches: nothing to do\n", error: "" };
  const folder = await newFolder();
  expect(await reprocess(folder, "--caller", "nobody")).toEqual(nothing);
  expect(await readdir(folder)).toEqual([]);
});

test("ends in 1 if some could not be processed, and says where it says why", async () => {
  const folder = await anArchive(aTranscription({ conversation_id: "conv_4", full_audio: "!!!" }));
  const { code, out } = await reprocess(folder, "--conversation", "conv_4");
  expect(code).toBe(1);
  expect(out).toMatch(/"event":"given up".*not base64/);
  expect(out).toMatch(`1 call processed again; 1 given up on, see ${folder}/dead-letters\n`);
  // What was given up on before, and was not asked for, does not count.
  expect(await reprocess(folder, "--conversation", "conv_1")).toMatchObject({ code: 0 });
});

test("leaves the work to the archive that runs in the folder", async () => {
  const folder = await anArchive();
  const rows = join(folder, "analytics/live/conversations/dt=2026-11-20/conv_1.parquet");
  await rm(rows);
  const running = await anArchiveProcess(folder);
  const { code, out } = await reprocess(folder, "--conversation", "conv_1");
  expect([code, out]).toEqual([0, expect.stringMatching("^1 call uploaded again: the running archive")]);
  await expect.poll(() => stat(rows).then(({ size }) => size > 0)).toBe(true);
  await running.stop();
});

test("ends what it began when nobody reads its output any more", async () => {
  const folder = await anArchive(aTranscription({ conversation_id: "conv_4", full_audio: "!!!" }));
  const before = await tree(join(folder, "analytics/live"));
  await rm(join(folder, "analytics"), { recursive: true });
  expect(await reprocessUnread(folder)).toEqual({ code: 1, error: "" });
  expect(await tree(join(folder, "analytics/live"))).toEqual(before);
  await expect(stat(join(folder, "lock"))).rejects.toThrow("ENOENT");
});

test.concurrent.each([
  [["--from", "yesterday"], "--from yesterday is not a date"],
  [["--to", "2026-02-30"], "--to 2026-02-30 is not a date"],
  [["--nonsense"], "Unknown option '--nonsense'"],
  [["conv_1"], "Unexpected argument 'conv_1'"],
])("%j is wrong usage, told without a stack", async (args, message) => {
  const { code, out, error } = await reprocess(".", ...args);
  expect([code, out]).toEqual([2, ""]);
  expect(error).toContain(message);
  expect(error).not.toMatch(/^\s+at /m);
});

test.concurrent("teaches", async () => {
  const { code, out } = await reprocess(".", "--help");
  expect([code, out]).toEqual([0, expect.stringContaining("Usage: npm run reprocess")]);
});
