import { join } from "node:path";
import { expect } from "vitest";
import { folderDeployment } from "../../../../../infrastructure/commands/toolkit/deployment/folder-deployment.client.ts";
import { runningDeployment } from "../../../../../infrastructure/commands/toolkit/deployment/running-deployment.ts";
import { settingsFrom } from "../../../../../infrastructure/local/settings.ts";
import { deploymentContract } from "../../../../support/contracts/deployment.ts";
import { aRunningArchive, newFolder, pathsIn, SECRET } from "../../../../support/fixtures/local.ts";

async function inAFolder() {
  const folder = await newFolder();
  return {
    folder,
    deployment: folderDeployment(settingsFrom({ ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: SECRET })),
    leftovers: async () => {
      const files = await pathsIn(join(folder, "archive"));
      return files.filter((name) => name.endsWith(".json"));
    },
    processAll: async () => {},
  };
}

deploymentContract("in a folder", inAFolder);

deploymentContract("in the folder of an archive that runs", async () => {
  const given = await inAFolder();
  const { queue } = await aRunningArchive(given.folder);
  // The file watcher reports a put a moment later.
  const processAll = async () => {
    await expect.poll(() => given.deployment.archive.head("12025550101/conv_1.mp3")).toBeDefined();
    await queue.idle();
  };
  return { ...given, processAll };
});

deploymentContract("the archive that runs in this process", async () => {
  const given = await inAFolder();
  const settings = settingsFrom({ ARCHIVE_DIR: given.folder, ELEVENLABS_WEBHOOK_SECRET: SECRET });
  return { ...given, deployment: runningDeployment(settings, await aRunningArchive(given.folder)) };
});
