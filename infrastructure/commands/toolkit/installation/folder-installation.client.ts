import { join } from "node:path";
import { type Log, reasonOf } from "../../../../handlers/clients/observability/log.ts";
import { CompactionFailed } from "../../../../handlers/compact/compaction.ts";
import { markWholeDay } from "../../../../handlers/compact/dirty-marks.ts";
import { compactFolder } from "../../../local/compacting.ts";
import { type Command, liveHolder } from "../../../local/folder-lock.client.ts";
import { isCopy } from "../../../local/folder-stamp.client.ts";
import { folderStores } from "../../../local/folder-stores.ts";
import { openLocalArchive } from "../../../local/local-archive.ts";
import { memoriesOf, storedMemoriesOf } from "../../../local/memories-of.ts";
import type { Settings } from "../../../local/settings.ts";
import { knownWebhookSecrets } from "../../../local/webhook-secret.client.ts";
import { folderFailures } from "./folder-failures.client.ts";
import type { Installation, Workplace } from "./installation.ts";

/** Where a person looks when something is missing in a folder. */
const LOOK_AT = {
  delivery: () => "what npm start prints; is it running, on this folder (ARCHIVE_DIR)?",
  processing: (folder: string) => `what npm start prints, and ${join(folder, "dead-letters")}`,
  rows: (folder: string) => join(folder, "analytics", "live"),
};

/** The archive in the settings' folder. */
export function folderInstallation(settings: Settings): Installation {
  const { folder } = settings;
  let copy: Promise<boolean> | undefined;
  const isItACopy = () => {
    copy ??= isCopy(folder);
    return copy;
  };
  const sides = folderStores(folder, { isCopy: isItACopy });
  const installation: Installation = {
    ...sides,
    name: `the archive in ${folder}`,
    isCopy: isItACopy,
    webhookSecrets: () => knownWebhookSecrets(settings),
    remembers: true,
    memories: storedMemoriesOf(settings),
    memoryService: () => memoriesOf(settings),
    elevenLabs: async () => settings.elevenLabs,
    async tables() {
      // DuckDB takes half of a command's start.
      const { openLocalEngine } = await import("../../../../queries/engine/local-engine.client.ts");
      return openLocalEngine(join(folder, "analytics"));
    },
    storageClass: async () => "folder",
    purge: (from, key) => sides[from].delete(key),
    webhookUrl: () => undefined,
    lookAt: (missing) => LOOK_AT[missing](folder),
    watch: () => "GET /health says how many are left",
    failures: async (log) =>
      folderFailures(folder, installation, () => folderWorkplace(installation, settings, "npm run redrive", log)),
    workplace: (command, log) => folderWorkplace(installation, settings, command, log),
  };
  return installation;
}

/** If the archive is running, it processes what is put there by itself; else the folder is taken for this process. */
async function folderWorkplace(
  installation: Installation,
  settings: Settings,
  command: Command,
  log: Log,
): Promise<Workplace> {
  const { folder } = settings;
  const mark = async (day: string | undefined) => {
    if (day !== undefined) await markWholeDay(installation.analytics, day);
  };
  const holder = await liveHolder(folder);
  if (holder?.command === "npm start") {
    const by = `the archive that runs in ${folder} (process ${holder.pid})`;
    return {
      ...installation,
      process: () => {},
      pending: 0,
      processed: async () => ({ by, givenUp: 0 }),
      isHere: false,
      isExclusive: false,
      rebuild: async (day) => mark(day).then(() => by),
      close: async () => {},
    };
  }
  let givenUp = 0;
  const counting: Log = (entry) => {
    if (entry["event"] === "given up") givenUp += 1;
    log(entry);
  };
  const { archive, queue, close } = await openLocalArchive(settings, counting, () => new Date(), command);
  return {
    ...installation,
    archive,
    // Its objects were adopted when it was opened.
    isCopy: async () => false,
    process: queue.add,
    get pending() {
      return queue.pending;
    },
    async processed() {
      await queue.idle();
      return { by: "here", givenUp };
    },
    isHere: true,
    isExclusive: true,
    async rebuild(day) {
      await mark(day);
      try {
        await compactFolder(folder, { now: () => new Date() }, day);
      } catch (error) {
        // What could not be rebuilt is still marked, and found again.
        if (!(error instanceof CompactionFailed)) throw error;
        log({ event: "compaction failed", reason: reasonOf(error) });
      }
      return "here";
    },
    close,
  };
}
