import type { Verified } from "../../../handlers/verify/archive-finding.ts";
import { type CheckObjects, checkHere, verifyArchive } from "../../../handlers/verify/verify-archive.ts";
import type { VerifyDeps } from "../../../handlers/verify/verify-deps.ts";
import type { Settings } from "../../local/settings.ts";
import { existingArchive } from "../toolkit/archive-folder.client.ts";
import type { Deployment } from "../toolkit/deployment/deployment.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import { STACK_RATE } from "../toolkit/pace.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { withFolderFiles } from "../toolkit/verify/folder-files.client.ts";
import { repairedText } from "../toolkit/verify/repaired-text.ts";
import { storeFindings } from "../toolkit/verify/store-findings.ts";
import { type VerifyOptions, verifyAndRepair } from "../toolkit/verify/verify-and-repair.ts";
import { verifyDepsOf } from "../toolkit/verify/verify-deps-of.ts";
import { logTo } from "../toolkit/work-log.ts";
import { accept } from "./accept.ts";
import { checkInThreads } from "./check-in-threads.client.ts";
import type { VerifyRequest } from "./verify.command.ts";
import { newTotals, reportLine } from "./verify-report.ts";

/** Prints the findings, and repairs them with `--fix`. A check of a whole folder is stored there, for the read API. */
export async function runVerify(command: VerifyRequest, terminal: Terminal): Promise<void> {
  const settings = existingArchive(terminal.env, command.stack);
  const deployment = await deploymentOf(command.stack, settings);
  if (command.accept) return acceptIn(deployment, command.accept, terminal);
  const openDeployment = command.fix ? await deployment.open("npm run verify", onlyFailures(terminal)) : undefined;
  try {
    const deps = await verifyDepsOf(openDeployment ?? deployment, command.recordings);
    const isWhole = isWholeFolder(command);
    const all = verifyArchive(
      command.selection,
      deps,
      areManyInFolder(command) ? inThreads(command, settings, deps) : undefined,
    );
    const verification = await verifyAndRepair(isWhole ? withFolderFiles(all, settings, { readsBlock: true }) : all, {
      openDeployment,
      deps,
      ...shownOn(terminal, command),
      onNotFetched: terminal.printNote,
      rate: command.stack === undefined ? undefined : STACK_RATE,
      stop: new AbortController().signal,
    });
    if (!verification.isClean) terminal.exitWith(1);
    if (isWhole) await storeFindings(verification, settings, terminal.printNote);
  } finally {
    await openDeployment?.close();
  }
}

/** Whether the time for many objects counts. On a stack, requests take the time; `fix` processes objects here. */
function areManyInFolder({ stack, fix, selection }: VerifyRequest): boolean {
  return stack === undefined && !fix && selection.conversation === undefined;
}

/** Checks one object at a time in each thread: reads block, so more at a time would only take more memory. */
function inThreads({ selection, recordings }: VerifyRequest, settings: Settings, deps: VerifyDeps): CheckObjects {
  return checkInThreads(checkHere(selection, deps, 1), { settings, selection, readsRecordings: recordings });
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

/** Prints the findings and the totals of each check, and the repairs. */
function shownOn(terminal: Terminal, command: VerifyRequest): Pick<VerifyOptions, "show" | "onRepair" | "onRepaired"> {
  let repairing: ReturnType<Terminal["progress"]> | undefined;
  return {
    show: (results) => printedOn(terminal, results, command),
    onRepair({ process }) {
      repairing = terminal.progress("processing again", process.length);
      return repairing.advance;
    },
    onRepaired(repaired) {
      repairing?.end();
      terminal.printNote(repairedText(repaired));
    },
  };
}

async function* printedOn(
  terminal: Terminal,
  results: AsyncIterable<Verified>,
  command: VerifyRequest,
): AsyncGenerator<Verified> {
  const shown = terminal.progress("verifying");
  const totals = newTotals();
  let isAny = false;
  for await (const each of results) {
    isAny = true;
    terminal.print(reportLine(each, command));
    totals.add(each);
    yield each;
    shown.advance();
  }
  shown.end();
  terminal.print(totals.text(command.format));
  if (!isAny) reportNothing(command, terminal);
}

/** A wrong id must not look like a verified call. A range of days may be empty, for example in a scheduled check. */
function reportNothing({ selection }: VerifyRequest, terminal: Terminal): void {
  const options = Object.entries(selection).filter(([, value]) => value !== undefined);
  const matching = options.map(([name, value]) => ` --${name} ${value}`).join("");
  terminal.printNote(`Nothing matches${matching}: nothing was verified`);
  if (selection.conversation !== undefined || selection.caller !== undefined) terminal.exitWith(1);
}

function isWholeFolder({ selection, stack }: VerifyRequest): boolean {
  return stack === undefined && Object.values(selection).every((each) => each === undefined);
}
