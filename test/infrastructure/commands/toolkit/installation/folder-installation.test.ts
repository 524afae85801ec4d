import { join } from "node:path";
import { expect } from "vitest";
import { folderInstallation } from "../../../../../infrastructure/commands/toolkit/installation/folder-installation.client.ts";
import { settingsFrom } from "../../../../../infrastructure/local/settings.ts";
import { installationContract } from "../../../../support/contracts/installation.ts";
import { aRunningArchive, newFolder, pathsIn, SECRET } from "../../../../support/fixtures/local.ts";

async function inAFolder() {
  const folder = await newFolder();
  return {
    folder,
    installation: folderInstallation(settingsFrom({ ARCHIVE_DIR: folder, ELEVENLABS_WEBHOOK_SECRET: SECRET })),
    leftovers: async () => {
      const files = await pathsIn(join(folder, "archive"));
      return files.filter((name) => name.endsWith(".json"));
    },
    settle: async () => {},
  };
}

installationContract("in a folder", inAFolder);

installationContract("in the folder of an archive that runs", async () => {
  const given = await inAFolder();
  const { queue } = await aRunningArchive(given.folder);
  // The watch tells of what was put a moment later.
  const settle = async () => {
    await expect.poll(() => given.installation.archive.head("12025550101/conv_1.mp3")).toBeDefined();
    await queue.idle();
  };
  return { ...given, settle };
});
