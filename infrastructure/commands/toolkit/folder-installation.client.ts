import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { type Log, reasonOf } from "../../../handlers/clients/observability/log.ts";
import { CompactionFailed } from "../../../handlers/compact/compaction.ts";
import { markWholeDay } from "../../../handlers/compact/dirty-marks.ts";
import { compactFolder } from "../../local/compacting.ts";
import { type Command, liveHolder } from "../../local/folder-lock.client.ts";
import { isCopy } from "../../local/folder-stamp.client.ts";
import { openLocalArchive } from "../../local/local-archive.ts";
import { storedMemoriesOf } from "../../local/memories-of.ts";
import type { Settings } from "../../local/settings.ts";
import { knownWebhookSecrets } from "../../local/webhook-secret.client.ts";
import type { Installation, Workplace } from "./installation.ts";

/** The archive in the settings' folder, to look at. */
export function folderInstallation(settings: Settings): Installation {
  const { folder } = settings;
  let copy: Promise<boolean> | undefined;
  const isItACopy = () => {
    copy ??= isCopy(folder);
    return copy;
  };
  return {
    name: `the archive in ${folder}`,
    isCopy: isItACopy,
    archive: folderArchive(folder, "archive", { isCopy: isItACopy }),
    analytics: folderArchive(folder, "analytics"),
    webhookSecrets: () => knownWebhookSecrets(settings),
    remembers: true,
    memories: storedMemoriesOf(settings),
    elevenLabs: async () => settings.elevenLabs,
  };
}

/**
 * The archive in the settings' folder, to work on for `command`. If it is running, it processes what is put there by
 * itself; else the folder is taken for this process, which does it. `log` hears of each object that is processed here.
 *
 * @throws FolderInUse if another command works in the folder.
 */
export async function folderWorkplace(settings: Settings, command: Command, log: Log): Promise<Workplace> {
  const installation = folderInstallation(settings);
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
