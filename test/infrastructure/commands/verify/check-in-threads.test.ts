import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { checkHere, type VerifySelection, verifyArchive } from "../../../../handlers/verify/verify-archive.ts";
import { folderDeployment } from "../../../../infrastructure/commands/toolkit/deployment/folder-deployment.client.ts";
import { verifyDepsOf } from "../../../../infrastructure/commands/toolkit/verify/verify-deps-of.ts";
import { checkInThreads } from "../../../../infrastructure/commands/verify/check-in-threads.client.ts";
import { settingsFrom } from "../../../../infrastructure/local/settings.ts";
import { aCopyOf, anArchiveOf, changeBytes, rot } from "../../../handlers/verify/archive-to-verify.ts";
import { aTranscription } from "../../../support/fixtures/events.ts";
import { SECRET } from "../../../support/fixtures/local.ts";

const IDS = ["conv_1", "conv_2", "conv_3", "conv_4", "conv_5", "conv_6"];
const ONE_BY_ONE = { threads: 1, batch: 1, leastBatches: 2 };

let pristine: string;
beforeAll(async () => {
  pristine = await anArchiveOf(IDS.map((conversation_id) => aTranscription({ conversation_id })));
});

/** The results for the archive in `folder`, checked in this thread, or also in others that read `threadFolder`. */
async function resultsIn(
  folder: string,
  division?: typeof ONE_BY_ONE,
  threadFolder = folder,
  selection: VerifySelection = {},
) {
  const settings = settingsFrom({ ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: SECRET });
  const deps = await verifyDepsOf(folderDeployment(settings), false);
  const here = checkHere(selection, deps, 1);
  const options = { settings: { ...settings, folder: threadFolder }, selection, readsRecordings: false };
  return Array.fromAsync(verifyArchive(selection, deps, division ? checkInThreads(here, options, division) : here));
}

test("threads find the same, in the same order", async () => {
  const folder = await aCopyOf(pristine);
  const [first] = await resultsIn(folder);
  const keys = IDS.map((id) => first?.key.replace("conv_1", id) ?? "");
  await rot(folder, keys[1] ?? "", (bytes) => bytes.subarray(0, -3));
  await changeBytes(join(folder, "analytics/live/turns/dt=2026-11-20/hr=10/conv_3.parquet"), (bytes) =>
    bytes.fill(0, 10, 11),
  );
  // Metadata that cannot be read: its object cannot be verified.
  await rm(join(folder, "metadata/archive", `${keys[4]}.json`));
  await mkdir(join(folder, "metadata/archive", `${keys[4]}.json`));

  const alone = await resultsIn(folder);
  expect(alone.flatMap(({ findings }) => findings.map(({ kind, key }) => `${kind} ${key}`))).toEqual([
    `damaged ${keys[1]}`,
    `rows ${keys[2]}`,
    `not verified ${keys[4]}`,
    "not verified _index/conv_5",
  ]);
  expect(await resultsIn(folder, ONE_BY_ONE)).toEqual(alone);
  expect(await resultsIn(folder, ONE_BY_ONE, folder, { to: "2026-11-19" })).toEqual([]);
});

test("a small archive is checked without threads", async () => {
  const folder = "/nowhere/\0";
  expect(await resultsIn(pristine, { ...ONE_BY_ONE, leastBatches: 100 }, folder)).toHaveLength(13);
});

test("a thread that fails ends the check with its error", async () => {
  await expect(resultsIn(pristine, ONE_BY_ONE, "/nowhere/\0")).rejects.toThrow(/without null bytes/);
});
