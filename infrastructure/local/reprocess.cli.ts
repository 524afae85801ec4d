import { parseArgs } from "node:util";
import { folderArchive } from "../../handlers/clients/folder-archive.client.ts";
import { type Selection, selectedObjects } from "../../handlers/reprocess/reprocess.ts";
import { isUtcDate } from "../../queries/tables/utc-date.ts";
import { runAsCommand, WrongUsage } from "./command.ts";
import { liveHolder } from "./folder-lock.client.ts";
import { openLocalArchive } from "./local-archive.ts";
import { jsonLog } from "./log.ts";
import { progress } from "./progress.ts";
import { type Settings, settingsFrom } from "./settings.ts";

const HELP = `Processes calls again: recording, rows and memories are made anew from the JSON in the archive.

Usage: npm run reprocess -- [--caller C] [--conversation ID] [--from D] [--to D] [--dry-run]

  --caller C         only this caller: a number (+16125550100), or a folder's name (user-anna, anonymous)
  --conversation ID  only this conversation
  --from D, --to D   only calls that began on these UTC dates, YYYY-MM-DD, both included
  --dry-run          only says which objects it would be

Without any of them: every call in the folder of ARCHIVE_DIR (default .archive). If the archive is running there,
it does the work; otherwise it is done here. Nothing is doubled, however often you run it.

Exit status: 0 all done, 1 some could not be processed, 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const { selection, dryRun } = argumentsFrom(process.argv.slice(2));
  const settings = settingsFrom(process.env);
  const keys = await Array.fromAsync(selectedObjects(folderArchive(settings.folder, "archive"), selection));
  if (dryRun) {
    for (const key of keys) say(key);
    return say(`${calls(keys.length)} would be processed again`);
  }
  if (keys.length === 0) return say("No call matches: nothing to do");
  if ((await liveHolder(settings.folder))?.command === "npm start") await leaveToRunningArchive(settings.folder, keys);
  else await reprocessHere(settings, keys);
});

function argumentsFrom(args: string[]): { selection: Selection; dryRun: boolean } {
  const string = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: { caller: string, conversation: string, from: string, to: string, "dry-run": { type: "boolean" } },
  });
  for (const name of ["from", "to"] as const) {
    const day = values[name];
    if (day !== undefined && !isUtcDate(day))
      throw new WrongUsage(`--${name} ${day} is not a date: write it as 2026-11-30`);
  }
  const caller = values.caller?.startsWith("+") ? values.caller.replace(/\D/g, "") : values.caller;
  return { selection: { ...values, caller }, dryRun: values["dry-run"] ?? false };
}

async function leaveToRunningArchive(folder: string, keys: readonly string[]): Promise<void> {
  const archive = folderArchive(folder, "archive");
  const shown = progress("uploading again", keys.length);
  for (const key of keys) {
    await archive.renew(key);
    shown.step();
  }
  shown.end();
  say(`${calls(keys.length)} uploaded again: the running archive processes them, GET /health says how many are left`);
}

async function reprocessHere(settings: Settings, keys: readonly string[]): Promise<void> {
  const now = () => new Date();
  const log = jsonLog((line) => process.stdout.write(line), now);
  let shown = progress("uploading again", keys.length);
  let failed = 0;
  const local = await openLocalArchive(
    settings,
    (entry) => {
      if (entry["event"] === "given up") failed += 1;
      if (entry["event"] === "given up" || entry["event"] === "failed") log(entry);
      else shown.step();
    },
    now,
    "npm run reprocess",
  );
  try {
    const renewed: string[] = [];
    for (const key of keys) {
      if (await local.archive.renew(key)) renewed.push(key);
      shown.step();
    }
    shown.end();
    shown = progress("processing", renewed.length);
    for (const key of renewed) local.queue.add(key);
    await local.queue.idle();
    shown.end();
    const given = failed === 0 ? "" : `; ${failed} given up on, see ${settings.folder}/dead-letters`;
    say(`${calls(renewed.length)} processed again${given}`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await local.close();
  }
}

function calls(count: number): string {
  return count === 1 ? "1 call" : `${count} calls`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
