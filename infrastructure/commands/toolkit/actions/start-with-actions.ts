import type { Log } from "../../../../handlers/clients/observability/log.ts";
import { type RunningArchive, type StartOptions, startArchive } from "../../../local/running-archive.ts";
import type { Settings } from "../../../local/settings.ts";
import { runningDeployment } from "../deployment/running-deployment.ts";
import { folderActions } from "./folder-actions.ts";

/** Starts the archive in the folder of `settings`, with the actions that its page may start. */
export function startWithActions(
  settings: Settings,
  log: Log,
  now: () => Date,
  options: Pick<StartOptions, "onRecovered"> = {},
): Promise<RunningArchive> {
  return startArchive(settings, log, now, {
    ...options,
    actionsOf: (local) => folderActions(settings, () => runningDeployment(settings, local), log, now),
  });
}
