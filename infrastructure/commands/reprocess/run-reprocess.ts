import type { Log } from "../../../handlers/clients/observability/log.ts";
import { selectedObjects } from "../../../handlers/reprocess/selected-objects.ts";
import { existingArchive } from "../toolkit/archive-folder.client.ts";
import { folderBookmark } from "../toolkit/bookmark.client.ts";
import type { Deployment } from "../toolkit/deployment/deployment.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import { STACK_RATE } from "../toolkit/pace.ts";
import type { Progress } from "../toolkit/progress.ts";
import { type Extent, extentOf } from "../toolkit/reprocess/extent.ts";
import { finishLeftovers, type Reprocessed, reprocess } from "../toolkit/reprocess/reprocess.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { isFailure, logTo } from "../toolkit/work-log.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import { extentText, objectCount, stackEstimate } from "./estimate.ts";
import { idsIn } from "./ids-file.client.ts";
import type { ReprocessRequest } from "./reprocess.command.ts";

/** More objects than this need a confirmation on this machine, too. */
const CONFIRM_ABOVE = 1_000;

/** Processes the selected calls again, here or by re-puts, after a confirmation if that costs money or takes long. */
export async function runReprocess(command: ReprocessRequest, terminal: Terminal): Promise<void> {
  const { printLine, printNote } = terminal;
  if (command.stack && !command.dryRun && !command.yes && !terminal.canConfirm)
    throw new WrongUsage(`--stack ${command.stack} costs money, and there is no terminal to ask on: add --yes`);
  const settings = existingArchive(terminal.env, command.stack);
  const ids = command.idsFile === undefined ? undefined : await idsIn(command.idsFile, terminal.stdin);
  const selection = { ...command.selection, ids };
  const deployment = await deploymentOf(command.stack, settings);
  const bookmark = folderBookmark(settings.folder, [deployment.name, selection, command.redo]);
  if (command.again && !command.dryRun) await bookmark.remove();
  const place = command.again ? undefined : await bookmark.place();
  if (place)
    printNote(
      `Continuing after ${place.after}: ${objectCount(place.done)} were re-put before (--again starts from the beginning)`,
    );

  const counted = terminal.progress("counting");
  const onUnknown = (id: string) => terminal.fail(`The archive has no record of ${id}`);
  const selected = selectedObjects(deployment.archive, selection, { after: place?.after, onUnknown });
  const extent = await extentOf(selected, ({ key }) => {
    if (command.dryRun) printLine(key);
    counted.advance();
  });
  counted.end();
  if (extent.objects === 0 && !place) return printLine("Nothing matches: nothing to do");
  printNote(`In ${deployment.name}: ${extentText(extent)}`);
  if (command.stack !== undefined) printNote(estimateFor(deployment, extent, command));
  if (command.dryRun) return printLine(`${objectCount(extent.objects)} would be processed again`);
  if (!(await isConfirmed(command, extent, terminal))) return printNote("Nothing was done.");

  const stop = terminal.stopSignal();
  let shown: Progress | undefined;
  const log = progressLog(terminal, () => shown?.advance());
  const openDeployment = await deployment.open("npm run reprocess", log);
  try {
    const { redo, rate } = command;
    const what = { openDeployment, selection, redo, rate, bookmark, place, stop, onRePut: () => shown?.advance() };
    await finishLeftovers(what);
    shown = terminal.progress("reprocessing", extent.objects);
    const end = await reprocess(what);
    shown.end();
    printEnd(end, settings.folder, deployment, terminal);
  } finally {
    await openDeployment.close();
  }
}

/** Returns the log of this process' objects: prints failed tries, and advances the progress. */
function progressLog(terminal: Terminal, advance: () => void): Log {
  const log = logTo(terminal.printLine);
  return (entry) => {
    if (isFailure(entry)) log(entry);
    if (entry["event"] !== "failed") advance();
  };
}

function estimateFor({ remembers }: Deployment, extent: Extent, { rate = STACK_RATE, selection }: ReprocessRequest) {
  return stackEstimate(extent, rate, selection.only, remembers);
}

/** Asks before work that costs money or takes long, if there is a terminal to ask on. */
async function isConfirmed(
  { stack, yes }: ReprocessRequest,
  { objects }: Extent,
  terminal: Terminal,
): Promise<boolean> {
  if (yes || !terminal.canConfirm || (stack === undefined && objects <= CONFIRM_ABOVE)) return true;
  return terminal.confirm("Continue?");
}

function printEnd(
  { done, processed }: Reprocessed,
  folder: string,
  { howToWatch }: Deployment,
  { printLine, printNote, exitWith }: Terminal,
): void {
  if (!processed) {
    printNote(
      `Stopped after ${objectCount(done)}. The same command continues from there; --again starts from the beginning.`,
    );
    exitWith(130);
  } else if (processed.by === "here") {
    const { deadLettered } = processed;
    printLine(
      `${objectCount(done)} processed again${deadLettered === 0 ? "" : `; ${deadLettered} dead-lettered, see ${folder}/dead-letters`}`,
    );
    if (deadLettered > 0) exitWith(1);
  } else {
    printLine(`${objectCount(done)} re-put: ${processed.by} processes them, ${howToWatch()}`);
  }
}
