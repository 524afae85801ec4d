import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { LogEntry } from "../../../handlers/clients/observability/log.ts";
import { compactFolder, compactRegularly } from "../../../infrastructure/local/compact-folder.ts";
import { largeWork } from "../../../infrastructure/local/large-work.ts";
import { DIRTY_FOLDER, STATE_KEY } from "../../../queries/tables/closed-days.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { engineOn, writeLive, writeObject } from "../../queries/analytics-folder.ts";
import { anArchiveProcess } from "../../support/fixtures/archive-process.ts";
import { aTranscription, metadataWith, transcriptOf } from "../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, post, tree } from "../../support/fixtures/local.ts";

const DAY = "2024-03-01";
const HOUR_MS = 60 * 60 * 1000;
const now = () => new Date();

/** A folder with the rows of one call of a past day, and no running archive. */
async function aPastDay(): Promise<string> {
  const folder = await newFolder();
  await writeLive(join(folder, "analytics"), { turns: [{ dt: DAY, conversation_id: "conv_1", message: "Hello" }] });
  return folder;
}

/** Compacts regularly until the test ends, and collects the log. */
function compacting(folder: string, everyMs: number, large = largeWork(), longestDelayMs = HOUR_MS) {
  const log: LogEntry[] = [];
  const { stop } = compactRegularly(folder, (entry) => log.push(entry), now, large, { everyMs, longestDelayMs });
  onTestFinished(stop);
  return { log, stop };
}

/** The messages that a query returns now. */
async function messagesIn(folder: string, firstLiveDay?: string): Promise<unknown[]> {
  const engine = await engineOn(join(folder, "analytics"), firstLiveDay);
  return (await engine.run("select message from turns order by turn_index", [])).rows.flat();
}

/** The messages in the closed days alone. */
const inParts = (folder: string) => messagesIn(folder, "9999-12-31");

const markersIn = (folder: string) => tree(join(folder, "analytics", dirname(DIRTY_FOLDER)));

test("a running archive closes past days, and stops on request", async () => {
  const folder = await aPastDay();
  const archive = await anArchiveProcess(folder);
  await expect.poll(() => inParts(folder)).toEqual(["Hello"]);
  expect(await archive.stop()).toBe(0);
  expect(await messagesIn(folder)).toEqual(["Hello"]);
});

test("a replaced call of a closed day is visible at once, and after a compaction in the closed day, too", async () => {
  const folder = await newFolder();
  const { url, queue } = await aRunningArchive(folder);
  const metadata = metadataWith({ start_time_unix_secs: Date.parse(`${DAY}T10:00:00Z`) / 1000 });
  await post(url, aTranscription({ metadata, transcript: transcriptOf("Hello") }));
  await queue.idle();
  await compactFolder(folder, { now });
  expect(await inParts(folder)).toEqual(["Hello"]);
  expect(await markersIn(folder)).toEqual([]);

  const corrected = aTranscription({ metadata, transcript: transcriptOf("Good day") });
  await writeFile(join(folder, "archive/12025550101/conv_1.json"), corrected);
  await expect.poll(() => messagesIn(folder)).toEqual(["Good day"]);
  await expect.poll(() => queue.pending).toBe(0);
  expect(await inParts(folder)).toEqual(["Hello"]);
  expect(await markersIn(folder)).not.toEqual([]);

  compacting(folder, 20);
  await expect.poll(() => markersIn(folder)).toEqual([]);
  expect(await inParts(folder)).toEqual(["Good day"]);
  expect(await messagesIn(folder)).toEqual(["Good day"]);
});

test("logs the closed days and the unreadable objects", async () => {
  const folder = await aPastDay();
  const key = liveKey("turns", DAY, "conv_2");
  await writeObject(join(folder, "analytics"), key, Buffer.from("not Parquet"));
  const { log } = compacting(folder, HOUR_MS);
  await expect.poll(() => log).toEqual([{ event: "closed", day: DAY, shards: 1, unreadable: [key] }]);
});

test("stops in the middle of a pause", async () => {
  const folder = await aPastDay();
  const { log, stop } = compacting(folder, HOUR_MS);
  await expect.poll(() => log).toHaveLength(1);
  await stop();
});

test("begins no shard after stop, and the next run continues", async () => {
  const folder = await aPastDay();
  const { log, stop } = compacting(folder, 1);
  await stop();
  expect(log).toEqual([]);
  expect(await tree(join(folder, "analytics/days"))).toEqual([]);
  compacting(folder, HOUR_MS);
  await expect.poll(() => inParts(folder)).toEqual(["Hello"]);
});

test("logs a failure and continues: days are closed once the cause is removed", async () => {
  const folder = await aPastDay();
  const state = join(folder, "analytics", STATE_KEY);
  await mkdir(state, { recursive: true });
  const { log } = compacting(folder, 20);
  const failed = { event: "compaction failed", reason: expect.stringContaining("EISDIR") };
  await expect.poll(() => log.slice(0, 2)).toEqual([failed, failed]);
  await rm(state, { recursive: true });
  await expect.poll(() => log.at(-1)).toMatchObject({ event: "closed", day: DAY });
  expect(await inParts(folder)).toEqual(["Hello"]);
});

test("does not wait for the lease of a killed process", async () => {
  const folder = await aPastDay();
  const lease = { holder: "one that was killed", until: "2999-01-01T00:00:00Z" };
  const state = { first_live_day: "2023-01-01", changed: {}, views: null, days: {}, lease };
  await writeObject(join(folder, "analytics"), STATE_KEY, Buffer.from(JSON.stringify(state)));
  await compactFolder(folder, { now });
  expect(await inParts(folder)).toEqual(["Hello"]);
});

/** Runs the compactor between two large objects, and returns what was in the parts when the second one began. */
async function compactingBetween(longestDelayMs: number) {
  const folder = await aPastDay();
  const large = largeWork();
  const processing = Promise.withResolvers<void>();
  const first = large.run(() => processing.promise);
  compacting(folder, 20, large, longestDelayMs);
  const second = large.run(() => inParts(folder));
  processing.resolve();
  await first;
  return { folder, meanwhile: await second };
}

test("begins no shard while a large object waits, and continues when none does", async () => {
  const { folder, meanwhile } = await compactingBetween(HOUR_MS);
  expect(meanwhile).toEqual([]);
  await expect.poll(() => inParts(folder)).toEqual(["Hello"]);
});

test("large objects do not delay a shard for longer than allowed", async () => {
  expect((await compactingBetween(0)).meanwhile).toEqual(["Hello"]);
});

test("stop does not wait for a turn that other work has", async () => {
  const folder = await aPastDay();
  const large = largeWork();
  const processing = Promise.withResolvers<void>();
  const first = large.run(() => processing.promise);
  const { stop } = compacting(folder, 20, large);
  await stop();
  processing.resolve();
  await first;
  await large.run(async () => {});
  expect(await inParts(folder)).toEqual([]);
});
