import type { Settings } from "../../../local/settings.ts";
import type { Deployment } from "./deployment.ts";
import { folderDeployment } from "./folder-deployment.client.ts";
import type { StackDeployment } from "./stack-deployment.client.ts";

/**
 * The archive that is deployed as `stack`, or the one in the settings' folder.
 *
 * @throws WrongUsage if there is no such stack, or it is not an archive.
 */
export async function deploymentOf(stack: string | undefined, settings: Settings): Promise<Deployment> {
  return stack === undefined ? folderDeployment(settings) : deployedStack(stack, settings);
}

/**
 * The archive that is deployed as `stack`. The AWS SDK takes a noticeable part of a command's start, and is loaded here,
 * for those that need it.
 *
 * @throws WrongUsage if there is no such stack, or it is not an archive.
 */
export async function deployedStack(stack: string, settings: Settings): Promise<StackDeployment> {
  const { stackDeployment } = await import("./stack-deployment.client.ts");
  return stackDeployment(stack, settings);
}
