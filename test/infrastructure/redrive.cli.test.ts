import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anArchiveProcess } from "../fixtures/archive-process.ts";
import { runCommand } from "../fixtures/command.ts";
import { aTranscription } from "../fixtures/events.ts";
import { aRunningArchive, newFolder, outputs, post, tree } from "../fixtures/local.ts";

const CLI = join(import.meta.dirname, "../../infrastructure/redrive/redrive.cli.ts");
const [KEY, OTHER] = ["12025550101/conv_1.json", "12025550101/conv_2.json"];

const redrive = (folder: string, ...args: string[]) => runCommand(CLI, folder, args);

/** A folder with a call whose recording is none, so that it was given up on, and another one of the same sort. */
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

test("lists what was given up on and why; nothing where nothing was", async () => {
  const folder = await aFolder();
  const { code, out } = await redrive(folder);
  expect(code).toBe(0);
  expect(out).toMatch(/^key +attempts +since +reason\n/);
  expect(out).toMatch(/\n12025550101\/conv_1\.json +1 +20\d\d-.*Z +audio: .*not base64/);
  expect(out).toMatch(/\n2 rows\n$/);
  const empty = await newFolder();
  const nothing = { code: 0, out: `Nothing was given up on in the archive in ${empty}\n`, error: "" };
  expect(await redrive(empty, "--send", "--all", "--yes")).toEqual(nothing);
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

test("does nothing with what was not given up on, or where nobody can be asked", async () => {
  const folder = await aFolder();
  const stranger = await redrive(folder, "--drop", KEY, "12025550101/conv_3.json", "--yes");
  expect(stranger).toMatchObject({ code: 2, error: expect.stringContaining("conv_3.json was not given up on") });
  const unasked = await redrive(folder, "--drop", "--all");
  expect(unasked).toMatchObject({ code: 2, error: expect.stringContaining("nobody can be asked here: say --yes") });
  expect(await tree(join(folder, "dead-letters"))).toHaveLength(2);
});
