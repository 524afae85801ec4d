import { join } from "node:path";
import { discardPrepared } from "../../../handlers/clients/archive/atomic-file.client.ts";
import { type Compaction, CompactionFailed } from "../../../handlers/compact/compaction.ts";
import { CLOSE_AFTER_HOURS, closableFrom } from "../../../handlers/compact/days.ts";
import { putWholeMarker } from "../../../handlers/compact/dirty-markers.ts";
import { plannedDays } from "../../../handlers/compact/planned-days.ts";
import { compactFolder } from "../../local/compact-folder.ts";
import { liveHolder, lockFolder } from "../../local/folder-lock.client.ts";
import { folderStores } from "../../local/folder-stores.ts";
import { existingArchive } from "../toolkit/archive-folder.client.ts";
import { compactionTable, failureText, plannedTable, unreadableText } from "../toolkit/compaction-table.ts";
import { notePrinter } from "../toolkit/present.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { CompactRequest } from "./compact.command.ts";

/** Closes days and packs hours of the folder in the settings, or leaves that to the archive that runs there. */
export async function runCompact({ day, dryRun, format }: CompactRequest, terminal: Terminal): Promise<void> {
  checkIsOver(day);
  const { folder } = existingArchive(terminal.env);
  if (dryRun) {
    const planned = await plannedDays(analyticsOf(folder), new Date(), CLOSE_AFTER_HOURS, day);
    return terminal.print(plannedTable(planned, format));
  }
  const holder = await liveHolder(folder);
  if (holder?.command !== "npm start") return compactHere(folder, { day, format }, terminal);
  if (format === "json") terminal.printLine("[]");
  const note = notePrinter(format, terminal);
  const running = `the archive that runs in ${folder} (process ${holder.pid})`;
  if (day === undefined) return note(`Nothing to do here: ${running} closes days by itself`);
  await putWholeMarker(analyticsOf(folder), day);
  note(`Left to ${running}, which rebuilds ${day} within a minute`);
}

function checkIsOver(day: string | undefined): void {
  if (day === undefined || closableFrom(day, CLOSE_AFTER_HOURS) <= new Date()) return;
  const from = closableFrom(day, CLOSE_AFTER_HOURS).toISOString().slice(0, 16).replace("T", " ");
  throw new WrongUsage(
    `--day ${day} cannot be closed before ${from} UTC: a day is closed ${CLOSE_AFTER_HOURS} hours after its end`,
  );
}

async function compactHere(
  folder: string,
  { day, format }: Pick<CompactRequest, "day" | "format">,
  terminal: Terminal,
): Promise<void> {
  const unlock = await lockFolder(folder, "npm run compact");
  const shown = terminal.progress("reading live objects");
  try {
    await discardPrepared(join(folder, "tmp"));
    printDone(await compactFolder(folder, { now: () => new Date(), onObject: shown.advance }, day), format, terminal);
  } catch (error) {
    if (!(error instanceof CompactionFailed)) throw error;
    printDone(error.done, format, terminal);
    terminal.fail(failureText(error));
  } finally {
    shown.end();
    await unlock();
  }
}

function printDone(done: Compaction, format: CompactRequest["format"], terminal: Terminal): void {
  terminal.print(compactionTable(done, format));
  const missing = unreadableText(done.unreadable);
  if (missing !== "") terminal.fail(missing.trimEnd());
}

function analyticsOf(folder: string) {
  return folderStores(folder).analytics;
}
