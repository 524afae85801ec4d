import type { Settings } from "../../../local/settings.ts";
import { folderInstallation } from "./folder-installation.client.ts";
import type { Installation } from "./installation.ts";
import type { StackInstallation } from "./stack-installation.client.ts";

/**
 * The archive that is deployed as `stack`, or the one in the settings' folder.
 *
 * @throws WrongUsage if there is no such stack, or it is not an archive.
 */
export async function installationOf(stack: string | undefined, settings: Settings): Promise<Installation> {
  return stack === undefined ? folderInstallation(settings) : deployed(stack, settings);
}

/**
 * The archive that is deployed as `stack`. The AWS SDK takes a noticeable part of a command's start, and is loaded here,
 * for those that need it.
 *
 * @throws WrongUsage if there is no such stack, or it is not an archive.
 */
export async function deployed(stack: string, settings: Settings): Promise<StackInstallation> {
  const { stackInstallation } = await import("./stack-installation.client.ts");
  return stackInstallation(stack, settings);
}
