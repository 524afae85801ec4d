import type { Settings } from "../../../local/settings.ts";
import type { Deployment } from "./deployment.ts";
import { folderDeployment } from "./folder-deployment.client.ts";
import type { StackDeployment } from "./stack-deployment.client.ts";

/**
 * Returns the archive that is deployed as `stack`, or the one in the folder of `settings`.
 *
 * @throws WrongUsage if the stack does not exist or is not an archive.
 */
export async function deploymentOf(stack: string | undefined, settings: Settings): Promise<Deployment> {
  return stack === undefined ? folderDeployment(settings) : deployedStack(stack, settings);
}

/**
 * Returns the archive that is deployed as `stack`. Loads the AWS SDK only here, because that takes a noticeable part of
 * a command's start.
 *
 * @throws WrongUsage if the stack does not exist or is not an archive.
 */
export async function deployedStack(stack: string, settings: Settings): Promise<StackDeployment> {
  const { stackDeployment } = await import("./stack-deployment.client.ts");
  return stackDeployment(stack, settings);
}
