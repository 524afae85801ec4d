import { type Finding, isNotice, type Verified } from "../../../handlers/verify/finding.ts";
import { verifyArchive } from "../../../handlers/verify/verify-archive.ts";
import type { Verifying } from "../../../handlers/verify/verifying.ts";
import { jsonLog } from "../../local/log.ts";
import { settingsFrom } from "../../local/settings.ts";
import { deployed } from "../toolkit/deployed.ts";
import { folderInstallation, folderWorkplace } from "../toolkit/folder-installation.client.ts";
import type { Installation, Workplace } from "../toolkit/installation.ts";
import { STACK_RATE } from "../toolkit/pace.ts";
import { progress } from "../toolkit/progress.ts";
import { runAsCommand } from "../toolkit/run-as-command.ts";
import { accept } from "./accept.ts";
import { fetchAgain } from "./fetch-again.ts";
import { withFolderFiles } from "./folder-files.client.ts";
import { newRepairs, type Repairs, repairAll, repairedText, verifyRepaired } from "./repair.ts";
import { type VerifyCommand, verifyCommandOf } from "./verify-command.ts";
import { newTotals, reportLine, type Showing } from "./verify-report.ts";
import { verifyingOf } from "./verifying-of.ts";

const HELP = `Says of every object in the archive whether it is what it should be: signed, on record, with the right rows,
its recording beside it, its caller remembered. Also what belongs to nothing, and whether closed days are whole.

Usage: npm run verify -- [OPTION…]

  --caller C         only this caller: a number (+16125550100), or a folder's name (user-anna, anonymous)
  --conversation ID  only this conversation
  --from D, --to D   only calls that began on these UTC dates, YYYY-MM-DD, both included
  --recordings       reads every recording from its first byte to its last, too; without it, only what is noted of each
  --all              a line for each object; without it, only for those in which something does not hold
  --fix              repairs what can be repaired, fetches from ElevenLabs what was lost or damaged (needs
                     ELEVENLABS_API_KEY), and looks at it once more; bytes that were changed are never accepted by it
  --accept KEY --reason "…"
                     records that the object at KEY, which was replaced without a signature, is accepted, and why
  --format F         text (the default), or json: an object a line
  --stack NAME       the archive that is deployed as this stack, instead of the one on this machine

Without any of them: everything in the folder of ARCHIVE_DIR (default .archive). Every part of a closed day is read and
compared with its hash on record; on a stack that costs reading them all. With a selection, what belongs to nothing and
closed days are left out. Nothing is changed without --fix or --accept, and nothing is ever deleted. What changes while it is looked
at, or was put there in the last ten minutes and waits for its turn, counts as in work.

--fix processes objects again, puts metadata and recordings again from what else is on record, and rebuilds closed days
from live objects. Where the archive runs, or on a stack, the last is done there: run this once more afterwards.

Exit status: 0 all holds, 1 something does not, or is still to be processed again, 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const command = verifyCommandOf(process.argv.slice(2));
  const settings = settingsFrom(process.env);
  const stack = command.stack === undefined ? undefined : await deployed(command.stack, settings);
  if (command.accept) return acceptIn(stack ?? folderInstallation(settings), command.accept);
  const workplace = command.fix
    ? (stack ?? (await folderWorkplace(settings, "npm run verify", failuresOnly())))
    : undefined;
  try {
    const from = await verifyingOf(workplace ?? stack ?? folderInstallation(settings), command.recordings);
    const all = verifyArchive(command.selection, from);
    const first = await lookedAt(isWholeFolder(command) ? withFolderFiles(all, settings) : all, command);
    const { found, toFetch } = first;
    const fetched = workplace ? await fetchAgain(toFetch, workplace, from, tell) : [];
    const isRepaired =
      found.count + fetched.length === 0 ||
      (workplace !== undefined && (await isRepairedIn(workplace, found.repairs, fetched, from, command)));
    process.exitCode = first.isWhole && toFetch.length === fetched.length && isRepaired ? 0 : 1;
  } finally {
    await workplace?.close();
  }
});

async function acceptIn(
  installation: Installation,
  { key, reason }: NonNullable<VerifyCommand["accept"]>,
): Promise<void> {
  const from = { ...(await verifyingOf(installation, false)), archive: installation.archive };
  const sha256 = await accept(key, reason, from);
  tell(`Accepted, and recorded in its index: ${key} with SHA-256 ${sha256}`);
}

/** What failed for good, and why, goes to standard error: standard output is the report. */
function failuresOnly() {
  const log = jsonLog(
    (line) => process.stderr.write(line),
    () => new Date(),
  );
  return (entry: Parameters<typeof log>[0]) => {
    if (entry["event"] === "given up" || entry["event"] === "compaction failed") log(entry);
  };
}

/**
 * Prints what was found, and the totals. Returns what is to be repaired, which calls are to be fetched again, and whether
 * all the rest holds. Of what is found, only these keys are kept.
 */
async function lookedAt(all: AsyncIterable<Verified>, showing: Showing) {
  const shown = progress(process.stderr, "verifying");
  const totals = newTotals();
  const found = newRepairs();
  const toFetch: string[] = [];
  let isWhole = true;
  for await (const each of all) {
    process.stdout.write(reportLine(each, showing));
    totals.add(each);
    found.add(each);
    if (each.findings.some(({ isFetchable }) => isFetchable)) toFetch.push(each.key);
    if (each.findings.some(isForAPerson)) isWhole = false;
    shown.step();
  }
  shown.end();
  process.stdout.write(totals.text(showing.format));
  if (totals.objects === 0 && totals.days === 0) tell("Nothing matches: nothing was verified");
  return { found, toFetch, isWhole };
}

function isForAPerson(finding: Finding): boolean {
  return !finding.isRepairable && !finding.isFetchable && !isNotice(finding);
}

/** Whether nothing is left once `repairs` are done, and the `fetched` objects are processed for the first time. */
async function isRepairedIn(
  workplace: Workplace,
  repairs: Repairs,
  fetched: readonly string[],
  from: Verifying,
  command: VerifyCommand,
): Promise<boolean> {
  const shown = progress(process.stderr, "processing again", repairs.process.length);
  const rate = command.stack === undefined ? undefined : STACK_RATE;
  const repairing = { fetched: fetched.length, rate, onRenewed: shown.step };
  const done = await repairAll(repairs, workplace, from.secrets, repairing);
  shown.end();
  tell(repairedText(done));
  if (done.elsewhere.length > 0 || done.left > 0) return false;
  const left = await lookedAt(verifyRepaired(repairs, from, fetched), command);
  return left.isWhole && left.found.count + left.toFetch.length === 0;
}

function isWholeFolder({ selection, stack }: VerifyCommand): boolean {
  return stack === undefined && Object.values(selection).every((each) => each === undefined);
}

function tell(line: string): void {
  process.stderr.write(`${line}
`);
}
