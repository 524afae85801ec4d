import { type Finding, isNotice, type Verified } from "../../handlers/verify/finding.ts";
import { verifyArchive, verifyObjects } from "../../handlers/verify/verify-archive.ts";
import type { Verifying } from "../../handlers/verify/verifying.ts";
import { deployed } from "../installation/deployed.ts";
import { folderInstallation, folderWorkplace } from "../installation/folder-installation.client.ts";
import type { Installation, Workplace } from "../installation/installation.ts";
import type { StackInstallation } from "../installation/stack-installation.client.ts";
import { runAsCommand } from "../local/command.ts";
import { jsonLog } from "../local/log.ts";
import { progress } from "../local/progress.ts";
import { settingsFrom } from "../local/settings.ts";
import { STACK_RATE } from "../reprocess/reprocess-command.ts";
import { accept } from "./accept.ts";
import { fetchAgain } from "./fetch-again.ts";
import { repair } from "./repair.ts";
import { type VerifyCommand, verifyCommandOf } from "./verify-command.ts";
import { newTotals, reportLine, type Showing } from "./verify-report.ts";

const HELP = `Says of every object in the archive whether it is what it should be: signed, on record, with the right rows,
its recording beside it, its caller remembered. Also what belongs to nothing, and whether closed days are whole.

Usage: npm run verify -- [OPTION…]

  --caller C         only this caller: a number (+16125550100), or a folder's name (user-anna, anonymous)
  --conversation ID  only this conversation
  --from D, --to D   only calls that began on these UTC dates, YYYY-MM-DD, both included
  --recordings       reads every recording from its first byte to its last, too
  --all              a line for each object; without it, only for those in which something does not hold
  --fix              has processed again what that repairs, fetches from ElevenLabs what was lost or damaged (needs
                     ELEVENLABS_API_KEY), and looks at it once more; bytes that were changed are never accepted by it
  --accept KEY --reason "…"
                     records that the object at KEY, which was replaced without a signature, is accepted, and why
  --format F         text (the default), or json: an object a line
  --stack NAME       the archive that is deployed as this stack, instead of the one on this machine

Without any of them: everything in the folder of ARCHIVE_DIR (default .archive). With a selection, what belongs to
nothing and closed days are left out. Nothing is changed without --fix or --accept, and nothing is ever deleted. What changes while
it is looked at, or was put there in the last ten minutes and waits for its turn, counts as in work.

Exit status: 0 all holds, 1 something does not, or is still to be processed again, 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const command = verifyCommandOf(process.argv.slice(2));
  const settings = settingsFrom(process.env);
  const stack = command.stack === undefined ? undefined : await deployed(command.stack, settings);
  if (command.accept) return acceptIn(stack ?? folderInstallation(settings), command.accept, command, stack);
  const workplace = command.fix
    ? (stack ?? (await folderWorkplace(settings, "npm run verify", failuresOnly())))
    : undefined;
  try {
    const installation = workplace ?? stack ?? folderInstallation(settings);
    const from = await verifyingOf(installation, command, stack);
    const found = await lookedAt(verifyArchive(command.selection, from), command);
    const { keys, toFetch } = found;
    const fetched = workplace ? await fetchAgain(toFetch, workplace, from, tell) : [];
    const isRepaired =
      keys.length + fetched.length === 0 ||
      (workplace !== undefined && (await isRepairedIn(workplace, keys, fetched, from, command)));
    process.exitCode = found.isWhole && toFetch.length === fetched.length && isRepaired ? 0 : 1;
  } finally {
    await workplace?.close();
  }
});

async function acceptIn(
  installation: Installation,
  { key, reason }: NonNullable<VerifyCommand["accept"]>,
  command: VerifyCommand,
  stack: StackInstallation | undefined,
): Promise<void> {
  const from = { ...(await verifyingOf(installation, command, stack)), archive: installation.archive };
  const sha256 = await accept(key, reason, from);
  tell(`Accepted, and recorded in its index: ${key} with SHA-256 ${sha256}`);
}

/** What was given up on, and why, goes to standard error: standard output is the report. */
function failuresOnly() {
  const log = jsonLog(
    (line) => process.stderr.write(line),
    () => new Date(),
  );
  return (entry: Parameters<typeof log>[0]) => {
    if (entry["event"] === "given up") log(entry);
  };
}

/** A folder remembers in any case, in Mem0 or in a file; a stack if it was made with a key for Mem0. */
async function verifyingOf(
  installation: Installation,
  { recordings }: VerifyCommand,
  stack: StackInstallation | undefined,
): Promise<Verifying> {
  let secrets: ReturnType<Installation["webhookSecrets"]> | undefined;
  return {
    archive: installation.archive,
    analytics: installation.analytics,
    secrets: () => {
      secrets ??= installation.webhookSecrets();
      return secrets;
    },
    remembers: !stack || stack.outputs.optional("Mem0SecretArn") !== undefined,
    fetches: (await installation.elevenLabs()) !== undefined,
    isCopy: await installation.isCopy(),
    readsRecordings: recordings,
    now: () => new Date(),
  };
}

/**
 * Prints what was found, and the totals. Returns which objects are to be processed again, which calls to be fetched again,
 * and whether all the rest holds. Of what is found, only these keys are kept.
 */
async function lookedAt(found: AsyncIterable<Verified>, showing: Showing) {
  const shown = progress("verifying");
  const totals = newTotals();
  const keys: string[] = [];
  const toFetch: string[] = [];
  let isWhole = true;
  for await (const each of found) {
    process.stdout.write(reportLine(each, showing));
    totals.add(each);
    if (each.findings.some(({ isRepairable }) => isRepairable)) keys.push(each.key);
    if (each.findings.some(({ isFetchable }) => isFetchable)) toFetch.push(each.key);
    if (each.findings.some(isForAPerson)) isWhole = false;
    shown.step();
  }
  shown.end();
  process.stdout.write(totals.text(showing.format));
  if (totals.objects === 0) tell("Nothing matches: nothing was verified");
  return { keys, toFetch, isWhole };
}

function isForAPerson(finding: Finding): boolean {
  return !finding.isRepairable && !finding.isFetchable && !isNotice(finding);
}

/** Whether nothing is left to be repaired once `keys` are processed again, and the `fetched` ones for the first time. */
async function isRepairedIn(
  workplace: Workplace,
  keys: readonly string[],
  fetched: readonly string[],
  from: Verifying,
  command: VerifyCommand,
): Promise<boolean> {
  const count = keys.length + fetched.length;
  const shown = progress("processing again", keys.length);
  const rate = command.stack === undefined ? undefined : STACK_RATE;
  const { by } = await repair(keys, workplace, { rate, onRenewed: shown.step });
  shown.end();
  if (by !== "here") {
    tell(`Uploaded again: ${count}. ${by} processes them; run this once more when that is done`);
    return false;
  }
  tell(`Processed again: ${count}. What they are now:`);
  const left = await lookedAt(verifyObjects([...keys, ...fetched], from), command);
  return left.isWhole && left.keys.length === 0 && left.toFetch.length === 0;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
