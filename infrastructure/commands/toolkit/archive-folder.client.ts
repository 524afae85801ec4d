import { statSync } from "node:fs";
import { type Settings, settingsFrom, WrongSetting } from "../../local/settings.ts";
import { WrongUsage } from "./wrong-usage.ts";

type Environment = Parameters<typeof settingsFrom>[0];

/**
 * Reads the settings for a command that works on an existing archive: the one that is deployed as `stack`, or the one
 * in the folder of ARCHIVE_DIR. Creates nothing.
 *
 * @throws WrongUsage if the folder does not exist, so that a wrong ARCHIVE_DIR does not look like an empty archive.
 * @throws WrongSetting
 */
export function existingArchive(env: Environment, stack?: string): Settings {
  if (stack !== undefined) return settingsFrom(env);
  const settings = folderSettings(env);
  if (!isThere(settings)) throw new WrongUsage(missingFolderText(settings));
  return settings;
}

/**
 * Reads the settings for a command that works on the folder of ARCHIVE_DIR, or creates it.
 *
 * @throws WrongSetting, also if ARCHIVE_DIR is a file.
 */
export function folderSettings(env: Environment): Settings {
  const settings = settingsFrom(env);
  const { folder } = settings;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new WrongSetting(`ARCHIVE_DIR is ${JSON.stringify(folder)}: it must be a folder, and this is a file`);
  return settings;
}

/** Whether the folder of ARCHIVE_DIR exists. */
export function isThere({ folder }: Settings): boolean {
  return statSync(folder, { throwIfNoEntry: false }) !== undefined;
}

/** States that the folder does not exist, and how to create or find an archive. */
export function missingFolderText({ folder }: Settings): string {
  return (
    `${folder} does not exist, so there are no calls. ` +
    "`npm start` creates an archive, `npm run demo` creates one with sample calls. Set ARCHIVE_DIR if yours is elsewhere."
  );
}
