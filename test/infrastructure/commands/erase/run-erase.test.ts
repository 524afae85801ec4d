import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { aCopyOf, anArchiveOf, changeJson } from "../../../handlers/verify/archive-to-verify.ts";
import { anArchiveProcess } from "../../../support/fixtures/archive-process.ts";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aFailure, anAudio, aTranscription, bodyOf, MP3, metadataWith } from "../../../support/fixtures/events.ts";
import { aRunningArchive, pathsIn, post, SECRET, tree } from "../../../support/fixtures/local.ts";

const ERASE = "erase";
const VERIFY = "verify";
const KEY = "12025550101/conv_1.json";

const other = metadataWith({ phone_call: { direction: "inbound", external_number: "+12025550102" } });
let pristine: string;
beforeAll(async () => {
  pristine = await anArchiveOf([
    aTranscription({ full_audio: MP3.toString("base64"), metadata: metadataWith({ call_duration_secs: 1 }) }),
    anAudio(),
    aTranscription({ conversation_id: "conv_2" }),
    aTranscription({ conversation_id: "conv_3", metadata: other }),
    aFailure({ conversation_id: "conv_4" }),
    bodyOf("post_call_of_a_new_kind", { conversation_id: "conv_1", words: "kept apart" }),
  ]);
});

const erase = (folder: string, ...args: string[]) => runCommand(ERASE, folder, ["--yes", ...args]);
const verify = (folder: string, ...args: string[]) =>
  runCommand(VERIFY, folder, args, { ELEVENLABS_WEBHOOK_SECRET: SECRET });

/** The files below a folder that have these words in their name or bytes, without the index. */
async function placesOf(folder: string, words: string): Promise<string[]> {
  const files = await pathsIn(folder);
  const kept = files.filter((file) => !/(^|\/)(_index|compaction|tmp)\//.test(file));
  const found = kept.map(async (file) => {
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    return bytes && (file.includes(words) || bytes.includes(words)) ? [file] : [];
  });
  return (await Promise.all(found)).flat();
}

test("erases everything of one conversation except its index, and verify then has no findings", async () => {
  const folder = await aCopyOf(pristine);
  const before = await placesOf(folder, "conv_2");
  expect(before).not.toEqual([]);
  expect(await placesOf(folder, "conv_1")).toHaveLength(13);
  const { code, out } = await erase(folder, "--conversation", "conv_1", "--reason", "request 4711");
  expect(code).toBe(0);
  expect(out).toContain(`\n  ${KEY}\n`);
  expect(out).toContain("2 of 2 conversations erased.");
  expect(await placesOf(folder, "conv_1")).toEqual([]);
  expect(await placesOf(folder, "conv_2")).toEqual(before);
  const index = JSON.parse(await readFile(join(folder, "archive/_index/conv_1"), "utf8"));
  expect(index).toMatchObject({ deleted: { reason: "request 4711" } });
  expect(JSON.stringify(index)).not.toContain("+1202");
  const verified = await verify(folder);
  expect(verified.out).toMatch(
    /_index\/conv_1 {2}\[deleted\] belongs to a conversation that was deleted on 20.* because: request 4711/,
  );
  expect(verified.code).toBe(0);
});

test("erases the rows of a call whose index is damaged, too, and a second run removes rows that come back", async () => {
  const folder = await aCopyOf(pristine);
  const index = join(folder, "archive/_index/conv_1");
  await writeFile(index, (await readFile(index)).subarray(0, 100));
  const turns = join(folder, "analytics/live/turns");
  const [row = ""] = (await pathsIn(turns)).filter((path) => path.endsWith("/conv_1.parquet"));
  const bytes = await readFile(join(turns, row));
  expect((await erase(folder, "--conversation", "conv_1", "--reason", "request 4711")).code).toBe(0);
  expect(await placesOf(folder, "conv_1")).toEqual([]);
  expect((await verify(folder)).code).toBe(0);

  await writeFile(join(turns, row), bytes);
  const { code, out } = await verify(folder);
  expect([code, out]).toEqual([1, expect.stringMatching(/rows of a call that was deleted.*npm run erase/)]);
  expect((await erase(folder, "--conversation", "conv_1", "--reason", "request 4711")).code).toBe(0);
  expect((await verify(folder)).code).toBe(0);
});

test("erases the calls of a caller in an earlier folder and in quarantine, and none of a similar number", async () => {
  const stated = (external_number: string) => metadataWith({ phone_call: { direction: "inbound", external_number } });
  const folder = await anArchiveOf([
    aTranscription({ conversation_id: "conv_national", metadata: stated("020 7946 0100") }),
    aTranscription({ conversation_id: "conv_similar", metadata: stated("+33 2 07 94 60 100") }),
  ]);
  const held = join(folder, "archive/_quarantine/post_call_transcription");
  await mkdir(held, { recursive: true });
  const quarantined = (id: string, number: string) =>
    writeFile(join(held, `${id}.json`), aTranscription({ conversation_id: id, metadata: stated(number) }));
  await quarantined("conv_held", "+442079460100");
  await quarantined("conv_other", "+12025550199");

  const withCode = { DEFAULT_COUNTRY_CODE: "44" };
  const erased = await runCommand(ERASE, folder, ["--yes", "--caller", "+442079460100", "--reason", "x"], withCode);

  expect(erased.error).toBe("");
  expect(erased.out).toContain("2 of 2 conversations erased.");
  expect(await placesOf(folder, "conv_national")).toEqual([]);
  expect(await placesOf(folder, "conv_held")).toEqual([]);
  expect(await placesOf(folder, "conv_similar")).not.toEqual([]);
  expect(await placesOf(folder, "conv_other")).not.toEqual([]);
  expect(await placesOf(join(folder, "memories"), "2079460100")).toEqual(["+332079460100.jsonl"]);
});

test("erases all conversations of a caller, and a second run finishes a stopped one", async () => {
  const folder = await aCopyOf(pristine);
  const deleted = { at: "2026-11-21T09:00:00.000Z", reason: "request 4711" };
  await changeJson(join(folder, "archive/_index/conv_1"), (index) => ({ ...index, deleted }));
  expect(await verify(folder)).toMatchObject({
    code: 1,
    out: expect.stringContaining(`${KEY}  [not deleted] is still there`),
  });
  const { code, out } = await erase(folder, "--caller", "+12025550101", "--reason", "request 4711");
  expect([code, out]).toEqual([0, expect.stringContaining("3 of 3 conversations erased.")]);
  expect(await placesOf(folder, "12025550101")).toEqual([]);
  expect((await verify(folder)).code).toBe(0);
  expect(await erase(folder, "--caller", "+12025550101", "--reason", "request 4711")).toMatchObject({
    code: 0,
    error: "There is nothing to erase.\n",
  });
});

test("a late delivery of a deleted call is stored, not processed, and reported; an upload restores the call", async () => {
  const folder = await aCopyOf(pristine);
  await erase(folder, "--conversation", "conv_3", "--reason", "request 4711");
  const archive = await aRunningArchive(folder);
  await archive.recovered;
  await post(archive.url, aTranscription({ conversation_id: "conv_3", metadata: other }));
  await archive.queue.idle();
  await archive.close();
  expect(await placesOf(join(folder, "analytics"), "conv_3")).toEqual([]);
  expect(await placesOf(join(folder, "memories"), "conv_3")).toEqual([]);
  const found = await verify(folder);
  expect(found.out).toMatch(/conv_3\.json {2}\[not deleted\] was delivered again after it was deleted on/);
  expect(found.code).toBe(1);

  const again = await aRunningArchive(folder);
  await again.recovered;
  expect(await placesOf(join(folder, "memories"), "conv_3")).toEqual([]);
  await utimes(join(folder, "archive/12025550102/conv_3.json"), new Date(), new Date());
  const processed = () => again.log.filter(({ event }) => event === "processed").map(({ key }) => key);
  await expect.poll(processed).toEqual(["***02/conv_3.json"]);
  await again.queue.idle();
  await again.close();
  expect(await placesOf(join(folder, "memories"), "conv_3")).toHaveLength(1);
  expect(JSON.parse(await readFile(join(folder, "archive/_index/conv_3"), "utf8"))).not.toHaveProperty("deleted");
  expect(await verify(folder)).toMatchObject({ code: 0, out: expect.not.stringContaining("[") });
});

test("records the deletion of an unknown call, and erases a call that was never processed", async () => {
  const folder = await aCopyOf(pristine);
  const { code, out } = await erase(folder, "--conversation", "conv_9", "--reason", "request 4711");
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      /^conv_9\n {2}nothing is stored: only the deletion is recorded\nNothing was stored under this id\. Its deletion is recorded: /,
    ),
  ]);
  expect(out).not.toMatch(/erased|closed days/);
  await writeFile(join(folder, "archive/12025550102/conv_8.json"), aTranscription({ conversation_id: "conv_8" }));
  await erase(folder, "--conversation", "conv_8", "--reason", "request 4711");
  expect(await placesOf(folder, "conv_8")).toEqual([]);
});

test("does nothing while an archive runs there, without a terminal to ask on, or without a reason", async () => {
  const folder = await aCopyOf(pristine);
  const before = await tree(join(folder, "archive"));
  const usage = (...args: string[]) => runCommand(ERASE, folder, args);
  expect(await usage("--conversation", "conv_1", "--reason", "x")).toMatchObject({
    code: 2,
    error: expect.stringContaining("add --yes"),
  });
  expect(await usage("--conversation", "conv_1", "--yes")).toMatchObject({ code: 2 });
  expect(await usage("--reason", "x", "--yes")).toMatchObject({ code: 2 });
  expect(await usage("--caller", "../x", "--reason", "x", "--yes")).toMatchObject({ code: 2 });
  const running = await anArchiveProcess(folder, { ELEVENLABS_WEBHOOK_SECRET: SECRET });
  const refused = await erase(folder, "--conversation", "conv_1", "--reason", "x");
  expect([refused.code, refused.error]).toEqual([1, expect.stringContaining("npm start already runs in")]);
  await running.stop();
  expect(await tree(join(folder, "archive"))).toEqual(before);
});
