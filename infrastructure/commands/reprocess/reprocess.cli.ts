import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Log } from "../../../handlers/clients/observability/log.ts";
import { conversationIdsIn, NoConversationIds } from "../../../handlers/reprocess/conversation-ids.ts";
import { selectedObjects } from "../../../handlers/reprocess/selected-objects.ts";
import { jsonLog } from "../../local/log.ts";
import { settingsFrom } from "../../local/settings.ts";
import { folderBookmark } from "../toolkit/bookmark.client.ts";
import { runAsCommand, WrongUsage } from "../toolkit/command.ts";
import { canAsk, confirm } from "../toolkit/confirm.ts";
import { deployed } from "../toolkit/deployed.ts";
import { folderInstallation, folderWorkplace } from "../toolkit/folder-installation.client.ts";
import { STACK_RATE } from "../toolkit/pace.ts";
import { type Progress, progress } from "../toolkit/progress.ts";
import type { StackInstallation } from "../toolkit/stack-installation.client.ts";
import { type Extent, extentOf, extentText, objectCount, stackEstimate } from "./estimate.ts";
import { type ReprocessCommand, reprocessCommandOf } from "./reprocess-command.ts";
import { finishLeftovers, type Reprocessed, reprocess } from "./reprocessing.ts";

/** More than this on this machine is asked about, too. */
const MANY = 1_000;

const HELP = `Processes calls again: recording, rows and memories are made anew from the JSON in the archive.

Usage: npm run reprocess -- [OPTION…]

  --caller C         only this caller: a number (+16125550100), or a folder's name (user-anna, anonymous)
  --conversation ID  only this conversation
  --from D, --to D   only calls that began on these UTC dates, YYYY-MM-DD, both included
  --agent A          only calls of this agent, by its id
  --ids FILE         only these conversations, as a saved query answers them (--format csv or json, with a column
                     conversation_id) or an id a line; - reads them from standard input
  --only STEPS       does only these again, of audio,rows,memory; what else is done stays
  --rate N           at most N objects a second (on a stack ${STACK_RATE}, so that the memory service can follow; else no limit)
  --dry-run          only says which objects it would be, and what it takes
  --yes              does not ask; needed for a stack where nobody can be asked
  --again            begins anew instead of going on where the same command was stopped
  --stack NAME       the archive that is deployed as this stack, instead of the one on this machine

Without any of them: every call in the folder of ARCHIVE_DIR (default .archive). If the archive is running there,
it does the work; otherwise it is done here. On a stack its processor does it. Nothing is doubled, however often
you run it, and whoever stops it can go on with the same command.

  npm run --silent query -- worst-calls --format csv | npm run reprocess -- --ids - --only rows

Exit status: 0 all done, 1 some could not be processed or are not there, 2 wrong usage, 130 stopped.`;

await runAsCommand(HELP, async () => {
  const command = reprocessCommandOf(process.argv.slice(2));
  if (command.stack && !command.dryRun && !command.yes && !canAsk())
    throw new WrongUsage(`--stack ${command.stack} costs money, and nobody can be asked here: say --yes`);
  const settings = settingsFrom(process.env);
  const ids = command.idsFile === undefined ? undefined : await idsIn(command.idsFile);
  const selection = { ...command.selection, ids };
  const stack = command.stack === undefined ? undefined : await deployed(command.stack, settings);
  const installation = stack ?? folderInstallation(settings);
  const bookmark = folderBookmark(settings.folder, [installation.name, selection, command.redo]);
  if (command.again && !command.dryRun) await bookmark.remove();
  const place = command.again ? undefined : await bookmark.place();
  if (place)
    tell(`Going on after ${place.after}: ${objectCount(place.done)} were uploaded again before (--again begins anew)`);

  const counted = progress("counting");
  const selected = selectedObjects(installation.archive, selection, { after: place?.after, onUnknown });
  const extent = await extentOf(selected, ({ key }) => {
    if (command.dryRun) say(key);
    counted.step();
  });
  counted.end();
  if (extent.objects === 0 && !place) return say("Nothing matches: nothing to do");
  tell(`In ${installation.name}: ${extentText(extent)}`);
  if (stack) tell(estimateFor(stack, extent, command));
  if (command.dryRun) return say(`${objectCount(extent.objects)} would be processed again`);
  if (!(await isWanted(command, extent))) return tell("Nothing was done.");

  const stop = stopOnSignal();
  let shown: Progress | undefined;
  const heard = heardOf(() => shown?.step());
  const workplace = stack ?? (await folderWorkplace(settings, "npm run reprocess", heard));
  try {
    const { redo, rate } = command;
    const what = { workplace, selection, redo, rate, bookmark, place, stop, onRenewed: () => shown?.step() };
    await finishLeftovers(what);
    shown = progress("reprocessing", extent.objects);
    const end = await reprocess(what);
    shown.end();
    tellEnd(end, settings.folder, stack);
  } finally {
    await workplace.close();
  }
});

/** Hears of each object that is processed in this process. */
function heardOf(step: () => void): Log {
  const log = jsonLog(
    (line) => process.stdout.write(line),
    () => new Date(),
  );
  return (entry) => {
    if (entry["event"] === "given up" || entry["event"] === "failed") log(entry);
    if (entry["event"] !== "failed") step();
  };
}

async function idsIn(file: string): Promise<readonly string[]> {
  try {
    return conversationIdsIn(file === "-" ? await text(process.stdin) : await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof NoConversationIds) throw new WrongUsage(`--ids ${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function onUnknown(id: string): void {
  tell(`The archive has no record of ${id}`);
  process.exitCode = 1;
}

function estimateFor(
  { remembers }: StackInstallation,
  extent: Extent,
  { rate = STACK_RATE, selection }: ReprocessCommand,
) {
  return stackEstimate(extent, rate, selection.only, remembers);
}

/** Asks before what costs money or takes long, where somebody can be asked. */
async function isWanted({ stack, yes }: ReprocessCommand, { objects }: Extent): Promise<boolean> {
  if (yes || !canAsk() || (stack === undefined && objects <= MANY)) return true;
  return confirm("Go on?");
}

/** A second signal ends the process at once. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
  return stop.signal;
}

function tellEnd({ done, processed }: Reprocessed, folder: string, stack: StackInstallation | undefined): void {
  if (!processed) {
    tell(`Stopped after ${objectCount(done)}. The same command goes on from there; with --again it begins anew.`);
    process.exitCode = 130;
  } else if (processed.by === "here") {
    const { givenUp } = processed;
    say(
      `${objectCount(done)} processed again${givenUp === 0 ? "" : `; ${givenUp} given up on, see ${folder}/dead-letters`}`,
    );
    if (givenUp > 0) process.exitCode = 1;
  } else {
    const watch = stack
      ? `watch ${stack.outputs.output("QueueUrl")} and ${stack.outputs.output("DashboardUrl")}`
      : "GET /health says how many are left";
    say(`${objectCount(done)} uploaded again: ${processed.by} processes them, ${watch}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
