import pMap from "p-map";
import type { Log } from "../../../handlers/clients/observability/log.ts";
import { jsonLog } from "../../local/log.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import { confirm } from "../toolkit/confirm.ts";
import { deployed } from "../toolkit/deployed.ts";
import { canAsk, runAsCommand } from "../toolkit/run-as-command.ts";
import { namedTable } from "../toolkit/text-table.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { Failure, Failures } from "./failures.ts";
import { folderFailures } from "./folder-failures.client.ts";
import { chosen, type RedriveCommand, redriveCommandOf } from "./redrive-command.ts";

const HELP = `Lists the objects that need a person, and why, and sends them back. There are three kinds:

  dead letters  processing them failed for good: mend the cause, then send them back to be processed
  unrouted      under _other/: sent back, what this version understands is moved to its call
  quarantined   under _quarantine/: signed correctly, but too long before or after they came, as after an outage, with a
                wrong clock, or when an old delivery is replayed. Sent back, they are moved to their call

Usage: npm run redrive -- [--stack NAME]                          lists them
       npm run redrive -- --send KEY…|--all [--yes] [--stack NAME]  sends them back: what is done is not done again
       npm run redrive -- --drop KEY…|--all [--yes] [--stack NAME]  forgets dead letters; the objects stay in the archive

  --yes          does not ask; needed where nobody can be asked. --all then leaves out what is quarantined
  --quarantined  with --send --all --yes: what is quarantined, too
  --stack NAME   the archive that is deployed as this stack, instead of the one in ARCHIVE_DIR (default .archive)

What is quarantined is moved only if one of the secrets at hand signed it (ELEVENLABS_WEBHOOK_SECRET; several, separated
by commas). Nothing that was delivered is replaced: an object whose call is there with other bytes stays. So does one of a
type that this version does not know.

In a folder, the archive that runs there processes what is sent back; if none does, it is done here, and what fails again,
after about a minute of tries, is listed again. An archive that starts in a folder tries all that is not done, also what
was forgotten. On a stack it goes back to its queue.

Exit status: 0 done, or there are none, 1 some of those named are not sent back or failed again, 2 wrong usage.`;

const SENDS_AT_ONCE = 10;

await runAsCommand(HELP, async () => {
  const command = redriveCommandOf(process.argv.slice(2));
  if (command.action !== "list" && !command.yes && !canAsk())
    throw new WrongUsage(`--${command.action} asks before it begins, and nobody can be asked here: say --yes`);
  const failures = await failuresOf(command.stack, settingsFrom(process.env));
  try {
    const named = chosen(await failures.list(), command.keys);
    if (named.length === 0) return sayNothing(failures);
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
  const dead = named.filter(({ kind }) => kind === "dead letter");
  if (command.keys.length > 0) {
    for (const { key, kind } of named.filter((each) => !dead.includes(each)))
      refuse(
        `${key} is ${kind}, and not forgotten: what was delivered stays in the archive. --send moves it to its call`,
      );
  }
  if (dead.length === 0 && command.keys.length === 0) return sayNothing(failures);
  if (dead.length === 0 || !(await isWanted(`Forget ${objects(dead)}?`, command))) return;
  await pMap(dead, failures.drop, { concurrency: SENDS_AT_ONCE });
  say(`${objects(dead)} forgotten\n`);
}

async function send(named: readonly Failure[], failures: Failures, command: RedriveCommand): Promise<void> {
  const toSend = sendable(named, command);
  if (toSend.length === 0 || !(await isWanted(questionOf(toSend), command))) return;
  const keys: string[] = [];
  const sendOne = async (failure: Failure) => {
    const sent = await failures.send(failure);
    if ("as" in sent) keys.push(sent.as);
    else refuse(`${failure.key} is not sent back: ${sent.refused}`);
  };
  await pMap(toSend, sendOne, { concurrency: SENDS_AT_ONCE });
  const { by } = await failures.sent();
  if (keys.length === 0) return;
  if (by !== "here") return say(`${objects(keys)} sent back: ${by} processes them\n`);
  const again = (await failures.list()).filter(({ key }) => keys.includes(key));
  say(`${keys.length - again.length} of ${objects(keys)} processed\n`);
  if (again.length === 0) return;
  list(again);
  process.exitCode = 1;
}

/** Those of `named` that can be sent back and are meant. Says which are not, and why. */
function sendable(named: readonly Failure[], { keys, yes, quarantined }: RedriveCommand): readonly Failure[] {
  const isNamed = keys.length > 0;
  for (const { key, state, reason } of named) {
    if (state === "gone" || state === "processed") refuse(`${key} is not sent back (${reason}): --drop forgets it`);
    if (state === "unknown" && isNamed) refuse(`${key} is not sent back (${reason}): it stays where it is`);
  }
  const failed = named.filter(({ state }) => state === "failed");
  const unknown = named.filter(({ state }) => state === "unknown");
  if (unknown.length > 0 && !isNamed)
    tell(`Not sent back, since this version does not know what it is: ${objects(unknown)}. It stays where it is.`);
  if (isNamed || !yes || quarantined) return failed;
  const held = failed.filter(({ kind }) => kind === "quarantined");
  if (held.length > 0)
    tell(`Not sent back, since quarantined: ${objects(held)}. Look at the list; then name them, or add --quarantined.`);
  return failed.filter((each) => !held.includes(each));
}

function questionOf(toSend: readonly Failure[]): string {
  const held = toSend.filter(({ kind }) => kind === "quarantined").length;
  return `Send ${objects(toSend)} back${held === 0 ? "" : `, ${held} of them quarantined`}?`;
}

function sayNothing({ name }: Failures): void {
  say(`Nothing was given up on in ${name}\n`);
}

async function isWanted(question: string, { yes }: RedriveCommand): Promise<boolean> {
  if (yes || (await confirm(question, process.stdin, process.stderr))) return true;
  refuse("Nothing was done.");
  return false;
}

/** Says that something is not done that a person asked for. */
function refuse(line: string): void {
  tell(line);
  process.exitCode = 1;
}

function objects({ length }: readonly unknown[]): string {
  return length === 1 ? "1 object" : `${length} objects`;
}

function say(text: string): void {
  process.stdout.write(text);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
