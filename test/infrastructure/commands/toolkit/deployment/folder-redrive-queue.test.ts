import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderArchive } from "../../../../../handlers/clients/archive/folder-archive.client.ts";
import { processObject } from "../../../../../handlers/process/process.ts";
import { folderDeployment } from "../../../../../infrastructure/commands/toolkit/deployment/folder-deployment.client.ts";
import { folderDeadLetters } from "../../../../../infrastructure/local/dead-letters.client.ts";
import { settingsFrom } from "../../../../../infrastructure/local/settings.ts";
import { redriveQueueContract } from "../../../../support/contracts/redrive-queue.ts";
import { newFolder, SECRET } from "../../../../support/fixtures/local.ts";

redriveQueueContract("in a folder", async () => aFolder(await newFolder()));

function aFolder(folder: string) {
  const archive = folderArchive(folder, "archive");
  const leaseOptions = { holder: "test", seconds: 60, isExclusive: true };
  const letters = folderDeadLetters(folder);
  const analytics = folderArchive(folder, "analytics");
  return {
    archive,
    analytics,
    deadLetter: (key: string) =>
      letters.add({ key, reason: "memory: Mem0 is down", attempts: 8, given_up_at: "2026-11-20T10:00:00.000Z" }),
    process: (key: string) => processObject(key, { archive, analytics, leaseOptions, now: () => new Date() }),
    open: () =>
      folderDeployment(settingsFrom({ ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: SECRET })).redriveQueue(() => {}),
  };
}

test("lists the reason, the tries and the time of a dead letter", async () => {
  const { archive, deadLetter, open } = aFolder(await newFolder());
  await archive.put("12025550101/conv_1.json", Buffer.from("{"));
  await deadLetter("12025550101/conv_1.json");
  expect(await (await open()).list()).toEqual([
    {
      key: "12025550101/conv_1.json",
      kind: "dead letter",
      state: "failed",
      reason: "memory: Mem0 is down",
      attempts: 8,
      since: "2026-11-20T10:00:00.000Z",
    },
  ]);
});

test("finds the reason of a damaged dead letter in its object", async () => {
  const folder = await newFolder();
  const { archive, open } = aFolder(folder);
  await archive.put("12025550101/conv_1.json", Buffer.from("{"));
  await mkdir(join(folder, "dead-letters/12025550101"), { recursive: true });
  await writeFile(join(folder, "dead-letters/12025550101/conv_1.json"), "{");
  expect(await (await open()).list()).toMatchObject([
    {
      state: "failed",
      reason: expect.stringContaining("expected post_call_transcription"),
      attempts: null,
      since: null,
    },
  ]);
});
