import type { ReadDeps } from "../../../../handlers/read/read-deps.ts";
import { folderReadDeps, savedQueries } from "../../../local/folder-read-deps.ts";
import type { Settings } from "../../../local/settings.ts";
import { deploymentOf } from "./deployment-of.ts";

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
  const deployment = await deploymentOf(stack, settings);
  const { name, archive, analytics } = deployment;
  const from = { archive, analytics, secrets: () => deployment.webhookSecrets(), now };
  if (stack === undefined) {
    const deps = folderReadDeps(settings, from);
    return { name, deps, close: deps.close };
  }
  const engine = await deployment.tables();
  return { name, deps: { ...from, ...savedQueries(), engine, searchesByDays: false }, close: engine.close };
}
