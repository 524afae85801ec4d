import { compactRegularly } from "../../local/compacting.ts";
import { jsonLog } from "../../local/log.ts";
import { startArchive } from "../../local/running-archive.ts";
import { settingsFrom } from "../../local/settings.ts";
import { progress } from "../toolkit/progress.ts";
import { runAsCommand } from "../toolkit/run-as-command.ts";

const HELP = `Runs the archive on this machine until it is stopped with Ctrl-C.

Usage: npm start

Deliveries come in at POST /post-call, GET /health says what is pending, and a JSON file that is put into
archive/{caller}/ by hand is processed like one that was delivered. Past days are closed by themselves. Each decision
is a line of JSON on standard output. The README lists the settings, which come from the environment.`;

await runAsCommand(HELP, async () => {
  const settings = settingsFrom(process.env);
  const now = () => new Date();
  const log = jsonLog((line) => process.stdout.write(line), now);
  const seen = progress(process.stderr, "looking for what is left to do");
  const archive = await startArchive(settings, log, now, seen.step);
  const compacting = compactRegularly(settings.folder, log, now);
  const stopped = new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });

  say(`The archive in ${settings.folder} takes deliveries at ${archive.url}/post-call`);
  if (settings.webhookSecrets.length === 0) {
    say(`Webhook secret, kept in ${settings.folder}/webhook-secret: ${archive.secrets[0]}`);
  }
  archive.recovered.then((found) => {
    seen.end();
    if (found > 0) say(`${found} stored but not processed: going on with them`);
  });

  await stopped;
  say("Stopping. What is pending will be found again at the next start.");
  await compacting.stop();
  await archive.close();
});

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
