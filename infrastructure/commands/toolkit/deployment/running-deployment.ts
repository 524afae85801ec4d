import { putWholeMarker } from "../../../../handlers/compact/dirty-markers.ts";
import { folderDeadLetters } from "../../../local/dead-letters.client.ts";
import { isCopy } from "../../../local/folder-stamp.client.ts";
import type { LocalArchive } from "../../../local/local-archive.ts";
import type { Settings } from "../../../local/settings.ts";
import type { Deployment, OpenDeployment } from "./deployment.ts";
import { folderDeployment } from "./folder-deployment.client.ts";
import { folderRedriveQueue } from "./folder-redrive-queue.client.ts";

/**
 * The archive that runs in this process, for work that its own page starts. It processes what it puts.
 *
 * It shares the archive's object store, so a conditional put is safe. To close it changes nothing: the archive runs on.
 */
export function runningDeployment(settings: Settings, local: Pick<LocalArchive, "archive" | "queue">): Deployment {
  const { folder } = settings;
  const { archive, queue } = local;
  const deployment: Deployment = {
    ...folderDeployment(settings, { readsBlock: false }),
    archive,
    // Not cached: a copied folder is adopted while the archive runs.
    isCopy: () => isCopy(folder),
    redriveQueue: async (log) => folderRedriveQueue(folder, deployment, async () => open(log)),
    open: async (_, log) => open(log),
  };

  function open(log: Parameters<Deployment["open"]>[1]): OpenDeployment {
    const sent = new Map<string, Promise<void>>();
    return {
      ...deployment,
      process(key) {
        queue.add(key);
        const settled = queue.settled(key).then(() => log({ event: "settled", key }));
        sent.set(key, settled);
      },
      get pending() {
        return queue.pending;
      },
      /** Waits for the objects of this work only, because deliveries may arrive all the time. */
      async waitUntilProcessed() {
        await Promise.all(sent.values());
        const letters = await folderDeadLetters(folder).list();
        return { by: "here", deadLettered: letters.filter(({ key }) => sent.has(key)).length };
      },
      isInProcess: true,
      isExclusive: true,
      async rebuild(hour) {
        if (hour !== undefined) await putWholeMarker(deployment.analytics, hour);
        return "the archive";
      },
      close: async () => {},
    };
  }

  return deployment;
}
