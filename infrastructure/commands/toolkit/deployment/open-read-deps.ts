import type { ReadDeps } from "../../../../handlers/read/read-deps.ts";
import { folderReadDeps } from "../../../local/folder-read-deps.ts";
import type { Settings } from "../../../local/settings.ts";
import { deployedStack } from "./deployment-of.ts";
import { folderDeployment } from "./folder-deployment.client.ts";

/** An archive that is open for reading. */
interface OpenReadDeps {
  /** The name in messages: `the archive in .archive`, `the stack CallArchive`. */
  readonly name: string;
  readonly deps: ReadDeps;
  /** Ends the query engine. */
  readonly close: () => void;
}

/**
 * Opens the archive that is deployed as `stack`, or the one in the folder of `settings`, for the read API. Writes nothing.
 *
 * @throws WrongUsage if the stack does not exist or is not an archive.
 */
export async function openReadDeps(
  stack: string | undefined,
  settings: Settings,
  now: () => Date,
): Promise<OpenReadDeps> {
  if (stack !== undefined) {
    const deployment = await deployedStack(stack, settings);
    // Loads the AWS SDK, as the line above does.
    const { stackReadDeps } = await import("./stack-read-deps.ts");
    return { name: deployment.name, deps: stackReadDeps(deployment, now), close: () => {} };
  }
  const { name, archive, analytics, webhookSecrets } = folderDeployment(settings, { readsBlock: false });
  const deps = folderReadDeps(settings, { archive, analytics, secrets: webhookSecrets, now });
  return { name, deps, close: deps.close };
}
