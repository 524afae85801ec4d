import pMap from "p-map";
import type { Log } from "../../handlers/clients/log.ts";
import { namedTable } from "../../queries/engine/text-table.ts";
import { deployed } from "../installation/deployed.ts";
import { runAsCommand, WrongUsage } from "../local/command.ts";
import { jsonLog } from "../local/log.ts";
import { type Settings, settingsFrom } from "../local/settings.ts";
import { canAsk, confirm } from "../reprocess/confirm.ts";
import type { Failure, Failures } from "./failures.ts";
import { folderFailures } from "./folder-failures.client.ts";
import { chosen, type RedriveCommand, redriveCommandOf } from "./redrive-command.ts";

const HELP = `Lists the objects that were given up on, and why; sends them back to be processed, or forgets them.

Usage: npm run redrive -- [--stack NAME]                          lists them
       npm run redrive -- --send KEY…|--all [--yes] [--stack NAME]  sends them back: what is done is not done again
       npm run redrive -- --drop KEY…|--all [--yes] [--stack NAME]  forgets them; the objects stay in the archive

  --yes         does not ask; needed where nobody can be asked
  --stack NAME  the archive that is deployed as this stack, instead of the one in ARCHIVE_DIR (default .archive)

Mend the cause first. In a folder, the archive that runs there processes them; if none does, it is done here, and what
fails again, after about a minute of tries, is listed again. An archive that starts in a folder tries all that is not
done, also what was forgotten. On a stack they go back to its queue.

Exit status: 0 done, or there are none, 1 some of those named are still given up on, 2 wrong usage.`;

const SENDS_AT_ONCE = 10;

await runAsCommand(HELP, async () => {
  const command = redriveCommandOf(process.argv.slice(2));
  if (command.action !== "list" && !command.yes && !canAsk())
    throw new WrongUsage(`--${command.action} asks before it begins, and nobody can be asked here: say --yes`);
  const failures = await failuresOf(command.stack, settingsFrom(process.env));
  try {
    const named = chosen(await failures.list(), command.keys);
    if (named.length === 0) return say(`Nothing was given up on in ${failures.name}\n`);
    if (command.action === "list") list(named);
    if (command.action === "drop") await drop(named, failures, command);
    if (command.action === "send") await send(named, failures, command);
  } finally {
    await failures.close();
  }
});

/** The AWS SDK is loaded only where it is used: it takes a noticeable part of the start. */
async function failuresOf(stack: string | undefined, settings: Settings): Promise<Failures> {
  if (stack === undefined) return folderFailures(settings, failuresOnly(jsonLog(say, () => new Date())));
  const [installation, { stackFailures }] = await Promise.all([
    deployed(stack, settings),
    import("./stack-failures.client.ts"),
  ]);
  return stackFailures(installation);
}

/** Of what is processed here, each try that fails. */
function failuresOnly(log: Log): Log {
  return (entry) => {
    if (entry["event"] === "failed" || entry["event"] === "given up") log(entry);
  };
}

function list(failures: readonly Failure[]): void {
  const rows = failures.map(({ key, attempts, since, reason }) => [key, attempts, timeIn(since), reason]);
  say(namedTable(["key", "attempts", "since", "reason"], rows, process.stdout.columns));
}

function timeIn(since: string | null): Date | null {
  const time = new Date(since ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time;
}

async function drop(named: readonly Failure[], failures: Failures, command: RedriveCommand): Promise<void> {
  if (!(await isWanted(`Forget ${objects(named)}?`, command))) return;
  await pMap(named, failures.drop, { concurrency: SENDS_AT_ONCE });
  say(`${objects(named)} forgotten\n`);
}

async function send(named: readonly Failure[], failures: Failures, command: RedriveCommand): Promise<void> {
  const idle = named.filter(({ state }) => state !== "failed");
  for (const { key, reason } of idle) tell(`${key} is not sent back (${reason}): --drop forgets it`);
  if (idle.length > 0) process.exitCode = 1;
  const failed = named.filter(({ state }) => state === "failed");
  if (failed.length === 0 || !(await isWanted(`Send ${objects(failed)} back?`, command))) return;
  await pMap(failed, failures.send, { concurrency: SENDS_AT_ONCE });
  const { by } = await failures.sent();
  if (by !== "here") return say(`${objects(failed)} sent back: ${by} processes them\n`);
  const keys = failed.map(({ key }) => key);
  const again = (await failures.list()).filter(({ key }) => keys.includes(key));
  say(`${failed.length - again.length} of ${objects(failed)} processed\n`);
  if (again.length === 0) return;
  list(again);
  process.exitCode = 1;
}

async function isWanted(question: string, { yes }: RedriveCommand): Promise<boolean> {
  if (yes || (await confirm(question))) return true;
  tell("Nothing was done.");
  process.exitCode = 1;
  return false;
}

function objects({ length }: readonly Failure[]): string {
  return length === 1 ? "1 object" : `${length} objects`;
}

function say(text: string): void {
  process.stdout.write(text);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
