import { folderArchive } from "../../handlers/clients/folder-archive.client.ts";
import type { Log } from "../../handlers/clients/log.ts";
import { type Command, liveHolder } from "../local/folder-lock.client.ts";
import { isCopy } from "../local/folder-stamp.client.ts";
import { openLocalArchive } from "../local/local-archive.ts";
import type { Settings } from "../local/settings.ts";
import { knownWebhookSecrets } from "../local/webhook-secret.client.ts";
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
  const holder = await liveHolder(settings.folder);
  if (holder?.command === "npm start") {
    const by = `the archive that runs in ${settings.folder} (process ${holder.pid})`;
    const processed = async () => ({ by, givenUp: 0 });
    return { ...installation, process: () => {}, pending: 0, processed, close: async () => {} };
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
    close,
  };
}
