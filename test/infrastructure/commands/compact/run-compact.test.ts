import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compactFolder, compactRegularly } from "../../../../infrastructure/local/compact-folder.ts";
import { lockFolder } from "../../../../infrastructure/local/folder-lock.client.ts";
import { largeWork } from "../../../../infrastructure/local/large-work.ts";
import { TABLES } from "../../../../queries/tables/all.ts";
import { liveKey, partKey } from "../../../../queries/tables/table.ts";
import { engineOn, writeLive } from "../../../queries/analytics-folder.ts";
import { runCommand, runCommandAsProcess } from "../../../support/fixtures/command.ts";
import { aTranscription, metadataWith } from "../../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, pathsIn, post, tree } from "../../../support/fixtures/local.ts";

const REPROCESS = "reprocess";
const [FIRST, SECOND, THIRD] = ["2024-03-01", "2024-03-02", "2024-03-03"] as const;
const TODAY = new Date().toISOString().slice(0, 10);

const compact = (folder: string, ...args: string[]) => runCommand("compact", folder, args);

/** Runs in another process, because this one has locked the folder. */
const compactAsProcess = (folder: string, ...args: string[]) => runCommandAsProcess("compact", folder, args);

/** A folder with rows of `conv_{n}` on the `n`th of these days, each in two tables. No archive runs in it. */
async function rowsOn(...days: string[]): Promise<string> {
  const folder = await newFolder();
  for (const [n, dt] of days.entries()) {
    const row = { dt, conversation_id: `conv_${n}` };
    await writeLive(join(folder, "analytics"), { conversations: [row], turns: [row] });
  }
  return folder;
}

/** A folder with a running archive, which received two calls of the first day. */
async function twoCalls() {
  const folder = await newFolder();
  const { url, queue, close } = await aRunningArchive(folder);
  const metadata = metadataWith({ start_time_unix_secs: Date.parse(`${FIRST}T10:00:00Z`) / 1000 });
  for (const conversation_id of ["conv_0", "conv_1"]) await post(url, aTranscription({ conversation_id, metadata }));
  await queue.idle();
  return { folder, close };
}

/** The cells of a table's rows. All its lines have the same length. */
function rowsIn(out: string): string[][] {
  const lines = out.split("\n");
  const table = lines.slice(
    0,
    lines.findIndex((line) => /^\d+ rows?$/.test(line)),
  );
  expect(new Set(table.map(({ length }) => length)).size).toBe(1);
  return table.slice(2).map((line) => line.split(/ {2,}/));
}

/** The total size of a day's files in all tables, in bytes. */
async function bytesOf(folder: string, side: "days" | "live", day: string): Promise<string> {
  const files = await pathsIn(join(folder, "analytics", side));
  const ofDay = files.filter((file) => file.includes(day) && file.endsWith(".parquet"));
  const sizes = await Promise.all(ofDay.map((file) => stat(join(folder, "analytics", side, file))));
  return String(sizes.reduce((sum, { size }) => sum + size, 0));
}

/** The conversations with turns. Reads only the closed days if `firstLiveDay` is after all of them. */
async function turnsIn(folder: string, firstLiveDay?: string): Promise<unknown[]> {
  const engine = await engineOn(join(folder, "analytics"), firstLiveDay);
  return (await engine.run("select distinct conversation_id from turns order by 1", [])).rows.flat();
}
const inParts = (folder: string) => turnsIn(folder, "9999-12-31");

async function removeLive(folder: string, day: string, conversation: string): Promise<void> {
  for (const { name } of TABLES)
    await rm(join(folder, "analytics", liveKey(name, `${day}/10`, conversation)), { force: true });
}

test("closes past days, and prints the result of each; then there is nothing left to do", async () => {
  const folder = await rowsOn(FIRST, FIRST, SECOND, TODAY);
  const { code, out, error } = await compact(folder);
  expect([code, error]).toEqual([0, ""]);
  const bytes = async (day: string) => [await bytesOf(folder, "live", day), await bytesOf(folder, "days", day)];
  expect(rowsIn(out)).toEqual([
    [FIRST, "closed", "2", "4", "2", ...(await bytes(FIRST))],
    [SECOND, "closed", "1", "2", "2", ...(await bytes(SECOND))],
  ]);
  expect(out).toMatch(/\nEvery day before \d{4}-\d\d-\d\d is closed\n$/);
  expect(await inParts(folder)).toEqual(["conv_0", "conv_1", "conv_2"]);

  const before = await tree(folder);
  expect(await compact(folder, "--format", "json")).toEqual({ code: 0, out: "[]\n", error: "" });
  const again = await compact(folder);
  expect([again.code, again.out]).toEqual([
    0,
    expect.stringMatching(/^Nothing to do\. Every day before .+ is closed\n$/),
  ]);
  expect((await tree(folder)).filter((line) => !before.includes(line))).toEqual([]);
  expect(await turnsIn(folder)).toEqual(["conv_0", "conv_1", "conv_2", "conv_3"]);
});

test("a dry run prints what would be done, and writes nothing", async () => {
  const folder = await rowsOn(FIRST, FIRST, SECOND, TODAY);
  const all = [
    [FIRST, "to be closed", "2", "4", await bytesOf(folder, "live", FIRST), "0"],
    [SECOND, "to be closed", "1", "2", await bytesOf(folder, "live", SECOND), "0"],
  ];
  const before = await tree(folder);
  const would = () => Promise.all([compact(folder, "--dry-run"), compact(folder, "--dry-run", "--day", FIRST)]);
  expect((await would()).map(({ out }) => rowsIn(out))).toEqual([all, all.slice(0, 1)]);
  const json = await compact(folder, "--dry-run", "--format", "json");
  expect(JSON.parse(json.out)).toMatchObject([
    { day: FIRST, conversations: 2 },
    { day: SECOND, what: "to be closed" },
  ]);
  expect(await tree(folder)).toEqual(before);
  await compactFolder(folder, { now: () => new Date() });
  const [nothing, rebuilt] = await would();
  expect(nothing).toEqual({ code: 0, out: "Nothing to do\n", error: "" });
  expect(rowsIn(rebuilt.out)).toEqual([[FIRST, "to be rebuilt", "2", "4", all[0]?.[4], "2"]]);
});

test("closes a requested open day and the open days before it, and no later day", async () => {
  const folder = await rowsOn(FIRST, SECOND, THIRD);
  const { out } = await compact(folder, "--day", SECOND);
  expect(rowsIn(out).map(([day, what]) => [day, what])).toEqual([
    [FIRST, "closed"],
    [SECOND, "closed"],
  ]);
  expect(out).toContain(`Every day before ${THIRD} is closed\n`);
  expect(await inParts(folder)).toEqual(["conv_0", "conv_1"]);
  expect(await turnsIn(folder)).toEqual(["conv_0", "conv_1", "conv_2"]);
});

test("rebuilds a requested closed day, even if no change of it is recorded", async () => {
  const folder = await rowsOn(FIRST, FIRST, SECOND);
  await compactFolder(folder, { now: () => new Date() });
  await removeLive(folder, FIRST, "conv_0");
  const { code, out } = await compact(folder, "--day", FIRST);
  expect([code, rowsIn(out).map((cells) => cells.slice(0, 5))]).toEqual([0, [[FIRST, "rewritten", "1", "2", "2"]]]);
  expect(await inParts(folder)).toEqual(["conv_1", "conv_2"]);
});

test("has nothing to do if there is no call", async () => {
  const folder = await newFolder();
  expect(await compact(folder, "--dry-run")).toEqual({ code: 0, out: "Nothing to do\n", error: "" });
  expect(await readdir(folder)).toEqual([]);
  expect(await compact(folder)).toEqual({ code: 0, out: expect.stringMatching("^Nothing to do"), error: "" });
});

test("names an unreadable object and the command that rebuilds it in each run, until it is rebuilt", async () => {
  const { folder, close } = await twoCalls();
  await close();
  const key = liveKey("turns", `${FIRST}/10`, "conv_0");
  const path = join(folder, "analytics", key);
  const body = await readFile(path);
  await writeFile(path, body.subarray(0, body.length / 2));
  const text = `${key}\nRebuild them from the calls in the archive, then run this command again:
  npm run reprocess -- --conversation conv_0\n`;
  const closing = await compact(folder);
  expect([closing.code, closing.error]).toEqual([1, expect.stringContaining(text)]);
  expect(rowsIn(closing.out)[0]?.slice(0, 3)).toEqual([FIRST, "closed", "2"]);
  expect(await turnsIn(folder)).toEqual(["conv_1"]);
  const again = await compact(folder);
  expect([again.code, again.error]).toEqual([1, expect.stringContaining(text)]);

  expect(await runCommand(REPROCESS, folder, ["--conversation", "conv_0"])).toMatchObject({ code: 0 });
  expect(await compact(folder)).toMatchObject({ code: 0, error: "" });
  expect(await inParts(folder)).toEqual(["conv_0", "conv_1"]);
});

test("a day that cannot be written is named and holds back later days, until the cause is repaired", async () => {
  const folder = await rowsOn(FIRST, SECOND, THIRD);
  const blocked = join(folder, "analytics", partKey("turns", SECOND, 0));
  await mkdir(join(blocked, "a folder"), { recursive: true });
  const { code, out, error } = await compact(folder);
  expect([code, rowsIn(out).map(([day]) => day)]).toEqual([1, [FIRST]]);
  expect(error).toMatch(
    new RegExp(`^Some days could not be closed: ${SECOND}: E.*Repair the cause and run the command again\\.\n$`),
  );
  await rm(blocked, { recursive: true });
  const repaired = await compact(folder);
  expect([repaired.code, rowsIn(repaired.out).map(([day]) => day)]).toEqual([0, [SECOND, THIRD]]);
  expect(await inParts(folder)).toEqual(["conv_0", "conv_1", "conv_2"]);
});

test("leaves the work to the archive that runs in the folder", async () => {
  const { folder } = await twoCalls();
  const text = `Nothing to do here: the archive that runs in ${folder} (process ${process.pid}) closes days by itself\n`;
  expect(await compactAsProcess(folder)).toEqual({ code: 0, out: text, error: "" });
  const compacting = compactRegularly(
    folder,
    () => {},
    () => new Date(),
    largeWork(),
    { everyMs: 50 },
  );
  onTestFinished(compacting.stop);
  await expect.poll(() => inParts(folder)).toEqual(["conv_0", "conv_1"]);
  await removeLive(folder, FIRST, "conv_0");
  const { code, out } = await compactAsProcess(folder, "--day", FIRST);
  expect([code, out]).toEqual([0, expect.stringMatching(`^Left to the archive that runs .* which rebuilds ${FIRST}`)]);
  await expect.poll(() => inParts(folder)).toEqual(["conv_1"]);
});

test.concurrent.each([
  [["--day", TODAY], `--day ${TODAY} cannot be closed before `],
  [["--day", "2024-02-30"], "--day 2024-02-30 is not a date"],
  [["--day"], "Option '--day <date>' needs a value"],
  [["--nonsense"], "Unknown option '--nonsense'"],
  [["2024-03-01"], "Unexpected argument '2024-03-01'"],
])("%j is wrong usage, reported without a stack trace", async (args, message) => {
  const { code, out, error } = await compact(".", ...args);
  expect([code, out]).toEqual([2, ""]);
  expect(error).toContain(message);
  expect(error).not.toMatch(/^\s+at /m);
});

test.concurrent("prints its help", async () => {
  const { code, out } = await compact(".", "--help");
  expect([code, out]).toEqual([0, expect.stringContaining("Usage: npm run compact")]);
});

test("another command in the folder is not mistaken for a running archive", async () => {
  const folder = await newFolder();
  const release = await lockFolder(folder, "npm run reprocess");
  const busy = `npm run reprocess already runs in ${folder} (process ${process.pid})`;
  for (const args of [[], ["--day", "2024-03-01"]]) {
    expect(await compactAsProcess(folder, ...args)).toEqual({ code: 1, out: "", error: expect.stringContaining(busy) });
  }
  await release();
});
