import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { signature } from "../../../../handlers/receive/signature.ts";
import { anArchiveProcess } from "../../../support/fixtures/archive-process.ts";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aTranscription, bodyOf } from "../../../support/fixtures/events.ts";
import { aRunningArchive, newFolder, outputs, post, SECRET, tree } from "../../../support/fixtures/local.ts";

const CLI = "redrive";
const [KEY, OTHER] = ["12025550101/conv_1.json", "12025550101/conv_2.json"];

const redrive = (folder: string, ...args: string[]) => runCommand(CLI, folder, args);

/** A folder with two calls that were dead-lettered because their recordings are invalid. */
async function aFolder(): Promise<string> {
  const folder = await newFolder();
  const { url, queue, close } = await aRunningArchive(folder);
  await post(url, aTranscription({ full_audio: "!!!" }));
  await post(url, aTranscription({ conversation_id: "conv_2", full_audio: "!!!" }));
  await queue.idle();
  await close();
  return folder;
}

/** Repairs the call, as a person does. */
async function repair(folder: string, key: string): Promise<void> {
  const path = join(folder, "archive", key);
  await writeFile(path, (await readFile(path, "utf8")).replace('"!!!"', "null"));
}

test("lists dead letters with their reasons, or nothing", async () => {
  const folder = await aFolder();
  const { code, out } = await redrive(folder);
  expect(code).toBe(0);
  expect(out).toMatch(/^key +attempts +since +reason\n/);
  expect(out).toMatch(/\n12025550101\/conv_1\.json +1 +20\d\d-.*Z +audio: .*not base64/);
  expect(out).toMatch(/\n2 rows\n$/);
  const json = await redrive(folder, "--format", "json");
  expect(JSON.parse(json.out)).toMatchObject([
    { key: KEY, attempts: 1, reason: expect.stringContaining("not base64") },
    { key: OTHER },
  ]);
  const empty = await newFolder();
  const nothing = `No dead letters, unrouted or quarantined objects in the archive in ${empty}\n`;
  expect(await redrive(empty)).toEqual({ code: 0, out: nothing, error: "" });
  expect(await redrive(empty, "--send", "--all", "--yes")).toEqual({ code: 0, out: nothing, error: "" });
  const noneToDrop = { code: 0, out: `No dead letters in the archive in ${empty}\n`, error: "" };
  expect(await redrive(empty, "--drop", "--all", "--yes")).toEqual(noneToDrop);
  expect(await redrive(empty, "--format", "json")).toEqual({ code: 0, out: "[]\n", error: "" });
});

test("processes what it sends if no archive runs, and lists again what failed again", async () => {
  const folder = await aFolder();
  await repair(folder, KEY);
  const { code, out, error } = await redrive(folder, "--send", "--all", "--yes");
  expect([code, error]).toEqual([1, ""]);
  expect(out).toMatch(/1 of 2 objects processed\nkey +attempts.*\n.*\n12025550101\/conv_2\.json .*not base64/);
  expect(await tree(join(folder, "dead-letters"))).toHaveLength(1);
  await repair(folder, OTHER);
  const last = await redrive(folder, "--send", OTHER, "--yes");
  expect(last).toEqual({ code: 0, out: "1 of 1 object processed\n", error: "" });
});

test("does not repeat steps that are done", async () => {
  const folder = await aFolder();
  const before = await outputs(folder);
  const rows = join(folder, "analytics/live/turns/dt=2026-11-20/hr=10/conv_1.parquet");
  await rm(rows);
  await redrive(folder, "--send", KEY, "--yes");
  expect(await outputs(folder)).toEqual(
    before.filter((line) => !line.startsWith("live/turns/dt=2026-11-20/hr=10/conv_1.")),
  );
});

test("leaves the work to the archive that runs in the folder, and its counts follow", async () => {
  const folder = await aFolder();
  const running = await anArchiveProcess(folder);
  await expect.poll(running.health).toMatchObject({ pending: 0, failed: 2 });
  const letter = () => readFile(join(folder, "dead-letters", KEY), "utf8");
  const before = await letter();
  const { code, out } = await redrive(folder, "--send", KEY, "--yes");
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^1 object sent back: the archive that runs in .* processes them\n/),
  ]);
  await expect.poll(letter).not.toBe(before);
  await repair(folder, KEY);
  await expect.poll(running.health).toMatchObject({ pending: 0, failed: 1 });
  expect(await redrive(folder, "--drop", "--all", "--yes")).toMatchObject({ code: 0, out: "1 object forgotten\n" });
  expect(await running.health()).toMatchObject({ pending: 0, failed: 0 });
  await running.stop();
});

test("an object that no longer exists is not sent back, and can be forgotten", async () => {
  const folder = await aFolder();
  await rm(join(folder, "archive", KEY));
  const sent = await redrive(folder, "--send", KEY, "--yes");
  expect(sent).toMatchObject({ code: 1, out: "", error: expect.stringContaining(`${KEY} was not sent back (gone: `) });
  expect(await redrive(folder, "--drop", KEY, "--yes")).toMatchObject({ code: 0, out: "1 object forgotten\n" });
  expect(await tree(join(folder, "dead-letters"))).toEqual([expect.stringContaining(OTHER)]);
});

test("does nothing with an unknown key, or without a terminal to ask on", async () => {
  const folder = await aFolder();
  const unknownKey = await redrive(folder, "--drop", KEY, "12025550101/conv_3.json", "--yes");
  expect(unknownKey).toMatchObject({ code: 2, error: expect.stringContaining("conv_3.json is not a dead letter") });
  const unasked = await redrive(folder, "--drop", "--all");
  expect(unasked).toMatchObject({
    code: 2,
    error: expect.stringContaining("there is no terminal to ask on: add --yes"),
  });
  expect(await tree(join(folder, "dead-letters"))).toHaveLength(2);
});

const QUARANTINED = "_quarantine/post_call_transcription/conv_1.json";
const UNKNOWN = "_other/new_type/conv_9.json";

/** A folder with a call that arrived three hours late, and a delivery of an unknown type. */
async function aFolderWithHeld(): Promise<string> {
  const folder = await newFolder();
  const { url, queue, close } = await aRunningArchive(folder);
  const old = signature(aTranscription(), SECRET, new Date(Date.now() - 3 * 3_600_000));
  await post(url, aTranscription(), { "elevenlabs-signature": old });
  await post(url, bodyOf("new_type", { conversation_id: "conv_9" }));
  await queue.idle();
  await close();
  return folder;
}

const signed = (folder: string, ...args: string[]) =>
  runCommand(CLI, folder, args, { ELEVENLABS_WEBHOOK_SECRET: `wsec_new,${SECRET}` });

test("lists quarantined and unrouted objects with their reasons", async () => {
  const { code, out } = await redrive(await aFolderWithHeld());
  expect(code).toBe(0);
  expect(out).toMatch(/\n_other\/new_type\/conv_9\.json .* unrouted: the type is not known to this version\n/);
  expect(out).toMatch(
    /\n_quarantine\/post_call_transcription\/conv_1\.json .* quarantined: signed 3 h before it was received\n/,
  );
});

test("moves a named quarantined object to its call and processes it, if its secret is known", async () => {
  const folder = await aFolderWithHeld();
  const other = await redrive(folder, "--send", QUARANTINED, "--yes");
  expect(other).toMatchObject({
    code: 1,
    out: "",
    error: expect.stringMatching(/no known secret signed it/),
  });
  expect(await signed(folder, "--send", QUARANTINED, "--yes")).toEqual({
    code: 0,
    out: "1 of 1 object processed\n",
    error: "",
  });
  const found = (await outputs(folder)).map((line) => line.split(" ")[0]);
  expect(found).toContain("12025550101/conv_1.json");
  expect(found).toContain("live/conversations/dt=2026-11-20/hr=10/conv_1.parquet");
  expect(found.filter((each) => each?.includes("quarantine"))).toEqual([]);
});

test("sends all but quarantined and unknown objects, unless --quarantined is given", async () => {
  const folder = await aFolderWithHeld();
  const { code, out, error } = await signed(folder, "--send", "--all", "--yes");
  expect([code, out]).toEqual([0, ""]);
  expect(error).toMatch(
    /type is unknown to this version: 1 object\.\n.*they are quarantined: 1 object\. .* add --quarantined/,
  );
  const all = await signed(folder, "--send", "--all", "--yes", "--quarantined");
  expect([all.code, all.out]).toEqual([0, "1 of 1 object processed\n"]);
});

test("forgets no delivery, and does not send an object of an unknown type", async () => {
  const folder = await aFolderWithHeld();
  for (const key of [QUARANTINED, UNKNOWN]) {
    const { code, error } = await redrive(folder, "--drop", key, "--yes");
    expect([code, error]).toEqual([1, expect.stringContaining("stays in the archive")]);
  }
  expect(await redrive(folder, "--drop", "--all", "--yes")).toMatchObject({ code: 0, error: "" });
  const unknown = await signed(folder, "--send", UNKNOWN, "--yes");
  expect(unknown).toMatchObject({ code: 1, error: expect.stringContaining("not known to this version): it stays") });
  expect(await tree(join(folder, "archive/_quarantine"))).toHaveLength(1);
});

test("a running archive processes a released object, and is healthy again", async () => {
  const folder = await aFolderWithHeld();
  const running = await anArchiveProcess(folder);
  await expect.poll(running.health).toMatchObject({ status: "degraded", pending: 0 });
  expect(await signed(folder, "--send", QUARANTINED, "--yes")).toMatchObject({ code: 0 });
  await expect
    .poll(async () => (await outputs(folder)).join())
    .toMatch(/live\/conversations\/dt=2026-11-20\/hr=10\/conv_1\./);
  await expect.poll(running.health).toMatchObject({ status: "ok", pending: 0, failed: 0 });
  await running.stop();
});
