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

/** A folder with a call whose recording is none, so that it was dead-lettered, and another one of the same sort. */
async function aFolder(): Promise<string> {
  const folder = await newFolder();
  const { url, queue, close } = await aRunningArchive(folder);
  await post(url, aTranscription({ full_audio: "!!!" }));
  await post(url, aTranscription({ conversation_id: "conv_2", full_audio: "!!!" }));
  await queue.idle();
  await close();
  return folder;
}

/** Puts what was wrong right, as a person does. */
async function mend(folder: string, key: string): Promise<void> {
  const path = join(folder, "archive", key);
  await writeFile(path, (await readFile(path, "utf8")).replace('"!!!"', "null"));
}

test("lists what was dead-lettered and why; nothing where nothing was", async () => {
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
  const nothing = { code: 0, out: `Nothing was dead-lettered in the archive in ${empty}\n`, error: "" };
  expect(await redrive(empty, "--send", "--all", "--yes")).toEqual(nothing);
  expect(await redrive(empty, "--format", "json")).toEqual({ code: 0, out: "[]\n", error: "" });
});

test("sends back here what no archive processes: what is mended is done, what fails again is listed again", async () => {
  const folder = await aFolder();
  await mend(folder, KEY);
  const { code, out, error } = await redrive(folder, "--send", "--all", "--yes");
  expect([code, error]).toEqual([1, ""]);
  expect(out).toMatch(/1 of 2 objects processed\nkey +attempts.*\n.*\n12025550101\/conv_2\.json .*not base64/);
  expect(await tree(join(folder, "dead-letters"))).toHaveLength(1);
  await mend(folder, OTHER);
  const last = await redrive(folder, "--send", OTHER, "--yes");
  expect(last).toEqual({ code: 0, out: "1 of 1 object processed\n", error: "" });
});

test("does not do again what is done", async () => {
  const folder = await aFolder();
  const before = await outputs(folder);
  const rows = join(folder, "analytics/live/turns/dt=2026-11-20/conv_1.parquet");
  await rm(rows);
  await redrive(folder, "--send", KEY, "--yes");
  expect(await outputs(folder)).toEqual(before.filter((line) => !line.startsWith("live/turns/dt=2026-11-20/conv_1.")));
});

test("leaves the work to the archive that runs in the folder, whose count follows", async () => {
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
  await mend(folder, KEY);
  await expect.poll(running.health).toMatchObject({ pending: 0, failed: 1 });
  expect(await redrive(folder, "--drop", "--all", "--yes")).toMatchObject({ code: 0, out: "1 object forgotten\n" });
  expect(await running.health()).toMatchObject({ pending: 0, failed: 0 });
  await running.stop();
});

test("what is gone is not sent back, and can be forgotten", async () => {
  const folder = await aFolder();
  await rm(join(folder, "archive", KEY));
  const sent = await redrive(folder, "--send", KEY, "--yes");
  expect(sent).toMatchObject({ code: 1, out: "", error: expect.stringContaining(`${KEY} is not sent back (gone: `) });
  expect(await redrive(folder, "--drop", KEY, "--yes")).toMatchObject({ code: 0, out: "1 object forgotten\n" });
  expect(await tree(join(folder, "dead-letters"))).toEqual([expect.stringContaining(OTHER)]);
});

test("does nothing with what was not dead-lettered, or where nobody can be asked", async () => {
  const folder = await aFolder();
  const stranger = await redrive(folder, "--drop", KEY, "12025550101/conv_3.json", "--yes");
  expect(stranger).toMatchObject({ code: 2, error: expect.stringContaining("conv_3.json was not dead-lettered") });
  const unasked = await redrive(folder, "--drop", "--all");
  expect(unasked).toMatchObject({ code: 2, error: expect.stringContaining("nobody can be asked here: say --yes") });
  expect(await tree(join(folder, "dead-letters"))).toHaveLength(2);
});

const QUARANTINED = "_quarantine/post_call_transcription/conv_1.json";
const UNKNOWN = "_other/new_type/conv_9.json";

/** A folder with a call that came three hours late, and a delivery of a type that nobody knows. */
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

test("lists what is quarantined and what is unrouted, and why", async () => {
  const { code, out } = await redrive(await aFolderWithHeld());
  expect(code).toBe(0);
  expect(out).toMatch(/\n_other\/new_type\/conv_9\.json .* unrouted: the type is not known to this version\n/);
  expect(out).toMatch(
    /\n_quarantine\/post_call_transcription\/conv_1\.json .* quarantined: signed 3 h before it was received\n/,
  );
});

test("moves what is quarantined to its call and processes it there, when it is named and its secret is at hand", async () => {
  const folder = await aFolderWithHeld();
  const other = await redrive(folder, "--send", QUARANTINED, "--yes");
  expect(other).toMatchObject({
    code: 1,
    out: "",
    error: expect.stringMatching(/none of the secrets at hand signed it/),
  });
  expect(await signed(folder, "--send", QUARANTINED, "--yes")).toEqual({
    code: 0,
    out: "1 of 1 object processed\n",
    error: "",
  });
  const found = (await outputs(folder)).map((line) => line.split(" ")[0]);
  expect(found).toContain("12025550101/conv_1.json");
  expect(found).toContain("live/conversations/dt=2026-11-20/conv_1.parquet");
  expect(found.filter((each) => each?.includes("quarantine"))).toEqual([]);
});

test("sends all but what is quarantined or not known, unless told otherwise", async () => {
  const folder = await aFolderWithHeld();
  const { code, out, error } = await signed(folder, "--send", "--all", "--yes");
  expect([code, out]).toEqual([0, ""]);
  expect(error).toMatch(/does not know what it is: 1 object\..*\n.*since quarantined: 1 object\. .* add --quarantined/);
  const all = await signed(folder, "--send", "--all", "--yes", "--quarantined");
  expect([all.code, all.out]).toEqual([0, "1 of 1 object processed\n"]);
});

test("forgets nothing that was delivered, and does not send what it does not know", async () => {
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

test("an archive that runs processes what is released, and is well again", async () => {
  const folder = await aFolderWithHeld();
  const running = await anArchiveProcess(folder);
  await expect.poll(running.health).toMatchObject({ status: "degraded", pending: 0 });
  expect(await signed(folder, "--send", QUARANTINED, "--yes")).toMatchObject({ code: 0 });
  await expect.poll(async () => (await outputs(folder)).join()).toMatch(/live\/conversations\/dt=2026-11-20\/conv_1\./);
  await expect.poll(running.health).toMatchObject({ status: "ok", pending: 0, failed: 0 });
  await running.stop();
});
