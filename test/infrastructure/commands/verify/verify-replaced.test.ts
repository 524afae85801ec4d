import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { sha256 } from "../../../../handlers/call/digest.ts";
import { aCopyOf, anArchiveOf } from "../../../handlers/verify/archive-to-verify.ts";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aTranscription, metadataWith } from "../../../support/fixtures/events.ts";
import { aRunningArchive, isNotReport, post, SECRET, tree } from "../../../support/fixtures/local.ts";

const CLI = "verify";
const KEY = "12025550101/conv_1.json";
const DELIVERED = aTranscription({ conversation_id: "conv_1" });

let pristine: string;
beforeAll(async () => {
  const other = metadataWith({ phone_call: { direction: "inbound", external_number: "+12025550102" } });
  pristine = await anArchiveOf([DELIVERED, aTranscription({ conversation_id: "conv_2", metadata: other })]);
});

const verify = (folder: string, ...args: string[]) =>
  runCommand(CLI, folder, args, { ELEVENLABS_WEBHOOK_SECRET: SECRET });

/** Edits the JSON as a person does, and returns its bytes. */
async function edit(folder: string, words = "no refund"): Promise<Buffer> {
  const path = join(folder, "archive", KEY);
  await writeFile(path, (await readFile(path, "utf8")).replace(/(a|no|some) refund/, words));
  return readFile(path);
}

/** A folder with a call that a person edited, and that the running archive then processed. */
async function editedWhileItRan(words?: string): Promise<string> {
  const folder = await aCopyOf(pristine);
  const archive = await aRunningArchive(folder);
  await archive.recovered;
  await edit(folder, words);
  await expect.poll(() => archive.log.some(({ event }) => event === "processed")).toBe(true);
  await archive.queue.idle();
  await archive.close();
  return folder;
}

test("a signed call that a person edited while the archive ran stays a finding, also after a repair", async () => {
  const folder = await editedWhileItRan();
  for (const args of [[], ["--fix"]]) {
    const { code, out } = await verify(folder, ...args);
    expect(code).toBe(1);
    expect(out).toMatch(
      new RegExp(
        `^${KEY}  \\[replaced\\] was replaced on 20.*Z by an upload without a signature; the signed body had SHA-256 ${sha256(DELIVERED)}\\. To do: restore the signed version .*, or accept`,
      ),
    );
    expect(out).toMatch(/\nfinding: replaced +1\n/);
  }
});

test("an accepted object is a notice until its bytes change again, also while the archive runs", async () => {
  const folder = await editedWhileItRan();
  const archive = await aRunningArchive(folder);
  await archive.recovered;
  const accepted = await verify(folder, "--accept", KEY, "--reason", "the caller corrected a name");
  expect(accepted).toMatchObject({ code: 0, out: "", error: expect.stringMatching(/^Accepted, and recorded/) });
  const held = await verify(folder);
  expect(held.out).toMatch(/\[accepted\] .*, accepted on 20.*Z because: the caller corrected a name/);
  expect(held.code).toBe(0);

  await edit(folder, "some refund");
  await expect.poll(() => archive.log.some(({ event }) => event === "processed")).toBe(true);
  await archive.queue.idle();
  await archive.close();
  expect(await verify(folder)).toMatchObject({ code: 1, out: expect.stringContaining("[replaced]") });
});

test("a repair does not process a call that was edited while no archive ran, unless it is accepted", async () => {
  const folder = await aCopyOf(pristine);
  await edit(folder);
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000);
  await utimes(join(folder, "archive", KEY), yesterday, yesterday);
  const before = await tree(folder, isNotReport);
  const fixed = await verify(folder, "--fix");
  expect([fixed.code, fixed.out]).toEqual([1, expect.stringContaining("[replaced]")]);
  expect(await tree(folder, isNotReport)).toEqual(before);
  expect((await verify(folder, "--accept", KEY, "--reason", "meant")).code).toBe(0);
  expect(await verify(folder, "--fix")).toMatchObject({ code: 0, out: expect.stringContaining("[accepted]") });
});

test("restoring the signed bytes, or a later delivery, ends the finding", async () => {
  const folder = await editedWhileItRan();
  await writeFile(join(folder, "archive", KEY), DELIVERED);
  expect(await verify(folder, "--fix")).toMatchObject({ code: 0, out: expect.not.stringContaining("[") });

  const other = await editedWhileItRan();
  const archive = await aRunningArchive(other);
  await archive.recovered;
  await post(archive.url, aTranscription({ conversation_id: "conv_1", user_id: null, agent_name: "later" }));
  await archive.queue.idle();
  await archive.close();
  expect(await verify(other)).toMatchObject({ code: 0, out: expect.not.stringContaining("[") });
});

test("accepts nothing but a replaced object, and nothing without a reason", async () => {
  const folder = await aCopyOf(pristine);
  const before = await tree(folder, isNotReport);
  const refusals: readonly (readonly [string[], string])[] = [
    [["--accept", KEY, "--reason", "x"], "was not replaced"],
    [["--accept", "12025550101/conv_9.json", "--reason", "x"], "is not an object that is processed"],
    [["--accept", KEY], "needs --reason"],
    [["--accept", KEY, "--reason", "  "], "needs --reason"],
    [["--reason", "x"], "--reason goes with --accept KEY"],
    [["--accept", KEY, "--reason", "x", "--fix"], "exclude each other"],
  ];
  for (const [args, message] of refusals) {
    expect(await verify(folder, ...args)).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  }
  expect(await tree(folder, isNotReport)).toEqual(before);
});

test("touching a call causes no finding", async () => {
  const folder = await aCopyOf(pristine);
  const archive = await aRunningArchive(folder);
  await archive.recovered;
  await utimes(join(folder, "archive", KEY), new Date(), new Date());
  await expect.poll(() => archive.log.some(({ event }) => event === "processed")).toBe(true);
  await archive.queue.idle();
  await archive.close();
  expect(await verify(folder)).toMatchObject({ code: 0, out: expect.stringMatching(/signed, and valid +2\n/) });
});
