import { isNotice, type Verified } from "../../handlers/verify/finding.ts";
import { verifyArchive } from "../../handlers/verify/verify-archive.ts";
import type { Verifying } from "../../handlers/verify/verifying.ts";
import { deployed } from "../installation/deployed.ts";
import { folderInstallation, folderWorkplace } from "../installation/folder-installation.client.ts";
import type { Workplace } from "../installation/installation.ts";
import { runAsCommand } from "../local/command.ts";
import { jsonLog } from "../local/log.ts";
import { progress } from "../local/progress.ts";
import { settingsFrom } from "../local/settings.ts";
import { STACK_RATE } from "../reprocess/reprocess-command.ts";
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
  --fix              repairs what can be repaired, and looks at it once more
  --format F         text (the default), or json: an object a line
  --stack NAME       the archive that is deployed as this stack, instead of the one on this machine

Without any of them: everything in the folder of ARCHIVE_DIR (default .archive). Every part of a closed day is read and
compared with its hash on record; on a stack that costs reading them all. With a selection, what belongs to nothing and
closed days are left out. Nothing is changed without --fix, and nothing is ever deleted. What changes while it is looked
at, or was put there in the last ten minutes and waits for its turn, counts as in work.

--fix processes objects again, puts metadata and recordings again from what else is on record, and rebuilds closed days
from live objects. Where the archive runs, or on a stack, the last is done there: run this once more afterwards.

Exit status: 0 all holds, 1 something does not, or is still to be processed again, 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const command = verifyCommandOf(process.argv.slice(2));
  const settings = settingsFrom(process.env);
  const stack = command.stack === undefined ? undefined : await deployed(command.stack, settings);
  const workplace = command.fix
    ? (stack ?? (await folderWorkplace(settings, "npm run verify", failuresOnly())))
    : undefined;
  try {
    const from = await verifyingOf(workplace ?? stack ?? folderInstallation(settings), command.recordings);
    const all = verifyArchive(command.selection, from);
    const first = await lookedAt(isWholeFolder(command) ? withFolderFiles(all, settings) : all, command);
    const isMended =
      first.found.count === 0 ||
      (workplace !== undefined && (await isMendedIn(workplace, first.found.repairs, from, command)));
    process.exitCode = first.isWhole && isMended ? 0 : 1;
  } finally {
    await workplace?.close();
  }
});

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
 * Prints what was found, and what it comes to. Returns what is to be repaired, and whether all the rest holds. Of what
 * is found, only the keys of what is to be repaired are kept.
 */
async function lookedAt(all: AsyncIterable<Verified>, showing: Showing) {
  const shown = progress("verifying");
  const totals = newTotals();
  const found = newRepairs();
  let isWhole = true;
  for await (const each of all) {
    process.stdout.write(reportLine(each, showing));
    totals.add(each);
    found.add(each);
    if (each.findings.some((finding) => !finding.isRepairable && !isNotice(finding))) isWhole = false;
    shown.step();
  }
  shown.end();
  process.stdout.write(totals.text(showing.format));
  if (totals.objects === 0 && totals.days === 0) tell("Nothing matches: nothing was verified");
  return { found, isWhole };
}

/** Whether nothing is left to be repaired once that is done. */
async function isMendedIn(
  workplace: Workplace,
  repairs: Repairs,
  from: Verifying,
  command: VerifyCommand,
): Promise<boolean> {
  const shown = progress("processing again", repairs.process.length);
  const rate = command.stack === undefined ? undefined : STACK_RATE;
  const done = await repairAll(repairs, workplace, from.secrets, { rate, onRenewed: shown.step });
  shown.end();
  tell(repairedText(done));
  if (done.elsewhere.length > 0 || done.left > 0) return false;
  const left = await lookedAt(verifyRepaired(repairs, from), command);
  return left.isWhole && left.found.count === 0;
}

function isWholeFolder({ selection, stack }: VerifyCommand): boolean {
  return stack === undefined && Object.values(selection).every((each) => each === undefined);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
