import { join } from "node:path";
import { type Log, reasonOf } from "../../../../handlers/clients/observability/log.ts";
import { CompactionFailed } from "../../../../handlers/compact/compaction.ts";
import { putWholeMarker } from "../../../../handlers/compact/dirty-markers.ts";
import { isUtcDate } from "../../../../queries/tables/utc-date.ts";
import { compactFolder } from "../../../local/compact-folder.ts";
import { liveHolder } from "../../../local/folder-lock.client.ts";
import { memoriesOf, storedMemoriesOf } from "../../../local/folder-memories.ts";
import { isCopy } from "../../../local/folder-stamp.client.ts";
import { folderStores } from "../../../local/folder-stores.ts";
import { type Opener, openLocalArchive } from "../../../local/local-archive.ts";
import type { Settings } from "../../../local/settings.ts";
import { knownWebhookSecrets } from "../../../local/webhook-secret.client.ts";
import type { Deployment, OpenDeployment } from "./deployment.ts";
import { folderRedriveQueue } from "./folder-redrive-queue.client.ts";

/** Where to look when something is missing in a folder. */
const LOOK_AT = {
  delivery: () => "the output of npm start: does it run, and on this folder (ARCHIVE_DIR)?",
  processing: (folder: string) => `the output of npm start, and ${join(folder, "dead-letters")}`,
  rows: (folder: string) => join(folder, "analytics", "live"),
};

/**
 * The archive in the folder of `settings`. With `readsBlock`, its process waits for each read, which a command that does
 * nothing else wants. A process that answers requests needs `false`.
 */
export function folderDeployment(settings: Settings, { readsBlock = true } = {}): Deployment {
  const { folder } = settings;
  let copy: Promise<boolean> | undefined;
  const checkCopy = () => {
    copy ??= isCopy(folder);
    return copy;
  };
  const stores = folderStores(folder, { isCopy: checkCopy, readsBlock });
  const deployment: Deployment = {
    ...stores,
    name: `the archive in ${folder}`,
    isCopy: checkCopy,
    webhookSecrets: () => knownWebhookSecrets(settings),
    defaultCountryCode: settings.defaultCountryCode,
    remembers: true,
    memories: storedMemoriesOf(settings, { readsBlock }),
    memoryService: () => memoriesOf(settings),
    elevenLabs: async () => settings.elevenLabs,
    async tables() {
      // Loading DuckDB takes half of a command's start.
      const { openLocalEngine } = await import("../../../../queries/engine/local-engine.client.ts");
      return openLocalEngine(join(folder, "analytics"));
    },
    storageClass: async () => "folder",
    purge: (from, key) => stores[from].delete(key),
    webhookUrl: () => undefined,
    whereToLook: (missing) => LOOK_AT[missing](folder),
    howToWatch: () => "GET /health returns how many are left",
    redriveQueue: async (log) =>
      folderRedriveQueue(folder, deployment, () =>
        openFolderDeployment(deployment, settings, { command: "npm run redrive", readsBlock }, log),
      ),
    open: (command, log) => openFolderDeployment(deployment, settings, { command, readsBlock }, log),
  };
  return deployment;
}

/** Opens the folder. A running archive processes what is put there; if none runs, this process locks the folder. */
async function openFolderDeployment(
  deployment: Deployment,
  settings: Settings,
  opener: Opener,
  log: Log,
): Promise<OpenDeployment> {
  const { folder } = settings;
  const putDirtyMarker = async (hour: string | undefined) => {
    if (hour !== undefined) await putWholeMarker(deployment.analytics, hour);
  };
  const holder = await liveHolder(folder);
  if (holder?.command === "npm start") {
    const by = `the archive that runs in ${folder} (process ${holder.pid})`;
    return {
      ...deployment,
      process: () => {},
      pending: 0,
      waitUntilProcessed: async () => ({ by, deadLettered: 0 }),
      isInProcess: false,
      isExclusive: false,
      rebuild: async (hour) => putDirtyMarker(hour).then(() => by),
      close: async () => {},
    };
  }
  let deadLettered = 0;
  const counting: Log = (entry) => {
    if (entry["event"] === "dead-lettered") deadLettered += 1;
    log(entry);
  };
  const { archive, queue, close } = await openLocalArchive(settings, counting, () => new Date(), opener);
  return {
    ...deployment,
    archive,
    // Opening the folder adopted its objects.
    isCopy: async () => false,
    process: queue.add,
    get pending() {
      return queue.pending;
    },
    async waitUntilProcessed() {
      await queue.idle();
      return { by: "here", deadLettered };
    },
    isInProcess: true,
    isExclusive: true,
    async rebuild(hour) {
      await putDirtyMarker(hour);
      const day = hour !== undefined && isUtcDate(hour) ? hour : undefined;
      try {
        await compactFolder(folder, { now: () => new Date() }, day);
      } catch (error) {
        // The dirty markers remain, so the next compaction rebuilds the rest.
        if (!(error instanceof CompactionFailed)) throw error;
        log({ event: "compaction failed", reason: reasonOf(error) });
      }
      return "here";
    },
    close,
  };
}
