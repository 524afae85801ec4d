import type { Log } from "../../../../handlers/clients/observability/log.ts";
import { type Actions, actionRuns } from "../../../../handlers/read/action-runs.ts";
import type { Settings } from "../../../local/settings.ts";
import type { Deployment } from "../deployment/deployment.ts";

/**
 * The actions on the archive in the folder of `settings`, which do what the commands do. `deployment` returns the
 * archive, once for each run. The code of an action is loaded with its first run, so it does not delay a start.
 */
export function folderActions(settings: Settings, deployment: () => Deployment, log: Log, now: () => Date): Actions {
  const { folder } = settings;
  return actionRuns(
    {
      redrive: async (request, progress) =>
        (await import("./redrive-action.ts")).redriveAction(request, progress, deployment()),
      reprocess: async (request, progress) =>
        (await import("./reprocess-action.ts")).reprocessAction(request, progress, deployment(), folder),
      backfill: async (request, progress) =>
        (await import("./backfill-action.ts")).backfillAction(request, progress, deployment(), folder),
      verify: async (request, progress) =>
        (await import("./verify-action.ts")).verifyAction(request, progress, deployment(), settings),
    },
    { unavailable: settings.elevenLabs ? {} : { backfill: NO_KEY }, log, now },
  );
}

const NO_KEY = "It needs a key of ElevenLabs: set ELEVENLABS_API_KEY, and start the archive again.";
