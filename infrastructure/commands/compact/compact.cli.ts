import { join } from "node:path";
import { parseArgs } from "node:util";
import { discardPrepared } from "../../../handlers/clients/archive/atomic-file.client.ts";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { CLOSE_AFTER_HOURS } from "../../../handlers/compact/compact.ts";
import { type Compaction, CompactionFailed } from "../../../handlers/compact/compaction.ts";
import { closableFrom } from "../../../handlers/compact/days.ts";
import { markWholeDay } from "../../../handlers/compact/dirty-marks.ts";
import { plannedDays } from "../../../handlers/compact/planned-days.ts";
import { compactFolder } from "../../local/compacting.ts";
import { liveHolder, lockFolder } from "../../local/folder-lock.client.ts";
import { settingsFrom } from "../../local/settings.ts";
import { runAsCommand, WrongUsage } from "../toolkit/command.ts";
import { compactionTable, plannedTable, unreadableText } from "../toolkit/compaction-table.ts";
import { checkDays } from "../toolkit/option-values.ts";
import { progress } from "../toolkit/progress.ts";

const HELP = `Closes past days: the many small objects of a day become few large ones, which are quick to query.

Usage: npm run compact -- [--day D] [--dry-run]

  --day D    only this UTC date, YYYY-MM-DD: makes it anew if it is closed, else closes it and the open days before it
  --dry-run  only says which days it would be

Without --day: every day that has been over for ${CLOSE_AFTER_HOURS} hours is closed, and closed days in which something changed are
made anew. The archive in the folder of ARCHIVE_DIR (default .archive) does that by itself while it runs. Nothing is
lost by it: the small objects stay. Run it as often as you like, and stop it whenever you like.

Exit status: 0 all done, 1 a day could not be closed or rows are missing from one, 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const { day, dryRun } = argumentsFrom(process.argv.slice(2));
  const { folder } = settingsFrom(process.env);
  if (dryRun) return say(plannedTable(await plannedDays(analyticsOf(folder), new Date(), CLOSE_AFTER_HOURS, day)));
  const holder = await liveHolder(folder);
  if (holder?.command !== "npm start") return compactHere(folder, day);
  const running = `the archive that runs in ${folder} (process ${holder.pid})`;
  if (day === undefined) return say(`Nothing to do here: ${running} closes days by itself\n`);
  await markWholeDay(analyticsOf(folder), day);
  say(`Left to ${running}: it makes ${day} anew within a minute\n`);
});

function argumentsFrom(args: string[]): { day: string | undefined; dryRun: boolean } {
  const { values } = parseArgs({ args, options: { day: { type: "string" }, "dry-run": { type: "boolean" } } });
  const { day } = values;
  checkDays({ day });
  if (day !== undefined && closableFrom(day, CLOSE_AFTER_HOURS) > new Date()) {
    const from = closableFrom(day, CLOSE_AFTER_HOURS).toISOString().slice(0, 16).replace("T", " ");
    throw new WrongUsage(`--day ${day} is not over for long enough: it can be closed from ${from} UTC on`);
  }
  return { day, dryRun: values["dry-run"] ?? false };
}

async function compactHere(folder: string, day: string | undefined): Promise<void> {
  const unlock = await lockFolder(folder, "npm run compact");
  const shown = progress("reading live objects");
  try {
    await discardPrepared(join(folder, "tmp"));
    tell(await compactFolder(folder, { now: () => new Date(), onObject: shown.step }, day));
  } catch (error) {
    if (!(error instanceof CompactionFailed)) throw error;
    tell(error.done);
    process.stderr.write(`Not all of it could be done: ${error.message}. Run it again when that is mended.\n`);
    process.exitCode = 1;
  } finally {
    shown.end();
    await unlock();
  }
}

function tell(done: Compaction): void {
  say(compactionTable(done));
  const missing = unreadableText(done.unreadable);
  if (missing === "") return;
  process.stderr.write(missing);
  process.exitCode = 1;
}

function analyticsOf(folder: string) {
  return folderArchive(folder, "analytics");
}

function say(text: string): void {
  process.stdout.write(text);
}
