import { type ArchiveFinding, isNotice, type Verified } from "../../../handlers/verify/archive-finding.ts";
import { verifyArchive } from "../../../handlers/verify/verify-archive.ts";
import type { VerifyDeps } from "../../../handlers/verify/verify-deps.ts";
import { settingsFrom } from "../../local/settings.ts";
import type { Deployment, OpenDeployment } from "../toolkit/deployment/deployment.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import { STACK_RATE } from "../toolkit/pace.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { logTo } from "../toolkit/work-log.ts";
import { accept } from "./accept.ts";
import { fetchAgain } from "./fetch-again.ts";
import { withFolderFiles } from "./folder-files.client.ts";
import { newRepairs, type Repairs, repairAll, repairedText, verifyRepaired } from "./repair.ts";
import type { VerifyRequest } from "./verify.command.ts";
import { verifyDepsOf } from "./verify-deps-of.ts";
import { newTotals, type ReportOptions, reportLine } from "./verify-report.ts";

/** Prints the findings, and repairs them with `--fix`. */
export async function runVerify(command: VerifyRequest, terminal: Terminal): Promise<void> {
  const settings = settingsFrom(terminal.env);
  const deployment = await deploymentOf(command.stack, settings);
  if (command.accept) return acceptIn(deployment, command.accept, terminal);
  const openDeployment = command.fix ? await deployment.open("npm run verify", onlyFailures(terminal)) : undefined;
  try {
    const from = await verifyDepsOf(openDeployment ?? deployment, command.recordings);
    const all = verifyArchive(command.selection, from);
    const first = await reportFindings(
      isWholeFolder(command) ? withFolderFiles(all, settings) : all,
      command,
      terminal,
    );
    const { found, toFetch } = first;
    const fetched = openDeployment ? await fetchAgain(toFetch, openDeployment, from, terminal.printNote) : [];
    const isRepaired =
      found.count + fetched.length === 0 ||
      (openDeployment !== undefined &&
        (await repairIn(openDeployment, found.repairs, fetched, from, command, terminal)));
    if (!first.isWhole || toFetch.length !== fetched.length || !isRepaired) terminal.exitWith(1);
  } finally {
    await openDeployment?.close();
  }
}

async function acceptIn(
  deployment: Deployment,
  { key, reason }: NonNullable<VerifyRequest["accept"]>,
  terminal: Terminal,
): Promise<void> {
  const from = { ...(await verifyDepsOf(deployment, false)), archive: deployment.archive };
  const sha256 = await accept(key, reason, from);
  terminal.printNote(`Accepted, and recorded in its index: ${key} with SHA-256 ${sha256}`);
}

/** Logs final failures to standard error, because standard output is the report. */
function onlyFailures(terminal: Terminal) {
  const log = logTo(terminal.printNote);
  return (entry: Parameters<typeof log>[0]) => {
    if (entry["event"] === "dead-lettered" || entry["event"] === "compaction failed") log(entry);
  };
}

/**
 * Prints the findings and the totals. Returns the keys to repair, the calls to fetch again, and whether nothing else
 * was found. Keeps only these keys in memory.
 */
async function reportFindings(all: AsyncIterable<Verified>, options: ReportOptions, terminal: Terminal) {
  const shown = terminal.progress("verifying");
  const totals = newTotals();
  const found = newRepairs();
  const toFetch: string[] = [];
  let isWhole = true;
  for await (const each of all) {
    terminal.print(reportLine(each, options));
    totals.add(each);
    found.add(each);
    if (each.findings.some(({ isFetchable }) => isFetchable)) toFetch.push(each.key);
    if (each.findings.some(needsOperator)) isWhole = false;
    shown.advance();
  }
  shown.end();
  terminal.print(totals.text(options.format));
  if (totals.objects === 0 && totals.days === 0) terminal.printNote("Nothing matches: nothing was verified");
  return { found, toFetch, isWhole };
}

function needsOperator(finding: ArchiveFinding): boolean {
  return !finding.isRepairable && !finding.isFetchable && !isNotice(finding);
}

/** Does the `repairs`, processes the `fetched` objects, and returns whether a second check finds nothing. */
async function repairIn(
  openDeployment: OpenDeployment,
  repairs: Repairs,
  fetched: readonly string[],
  deps: VerifyDeps,
  command: VerifyRequest,
  terminal: Terminal,
): Promise<boolean> {
  const shown = terminal.progress("processing again", repairs.process.length);
  const rate = command.stack === undefined ? undefined : STACK_RATE;
  const options = { fetched: fetched.length, rate, onRePut: shown.advance };
  const done = await repairAll(repairs, openDeployment, deps.secrets, options);
  shown.end();
  terminal.printNote(repairedText(done));
  if (done.elsewhere.length > 0 || done.left > 0) return false;
  const left = await reportFindings(verifyRepaired(repairs, deps, fetched), command, terminal);
  return left.isWhole && left.found.count + left.toFetch.length === 0;
}

function isWholeFolder({ selection, stack }: VerifyRequest): boolean {
  return stack === undefined && Object.values(selection).every((each) => each === undefined);
}
