import { once } from "node:events";
import { compactRegularly } from "../../local/compact-folder.ts";
import { jsonLog } from "../../local/log.ts";
import { startWithActions } from "../toolkit/actions/start-with-actions.ts";
import { folderSettings } from "../toolkit/archive-folder.client.ts";
import type { Terminal } from "../toolkit/terminal.ts";

/** Runs the archive until it is stopped. */
export async function runStart(_: undefined, terminal: Terminal): Promise<void> {
  const { printNote } = terminal;
  const settings = folderSettings(terminal.env);
  const now = () => new Date();
  const log = jsonLog(terminal.print, now);
  const seen = terminal.progress("looking for unprocessed objects");
  const archive = await startWithActions(settings, log, now, { onRecovered: seen.advance });
  const compacting = compactRegularly(settings.folder, log, now, archive.large);
  const stop = terminal.stopSignal();
  const stopped = stop.aborted ? Promise.resolve() : once(stop, "abort");

  printNote(`The archive in ${settings.folder} accepts deliveries at ${archive.url}/post-call`);
  printNote(`The console is at ${archive.consoleUrl}`);
  printNote(`The read API is at ${archive.readUrl}`);
  if (settings.webhookSecrets.length === 0) {
    printNote(`Webhook secret, stored in ${settings.folder}/webhook-secret: ${archive.secrets[0]}`);
  }
  void archive.recovered.then((found) => {
    seen.end();
    if (found > 0) printNote(`Processing ${found} stored objects that are not done`);
  });

  await stopped;
  printNote("Stopping. The next start continues with pending objects.");
  await compacting.stop();
  await archive.close();
}
