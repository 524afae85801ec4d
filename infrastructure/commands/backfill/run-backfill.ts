import { isRefusalOfKey, ServiceRefused, ServiceUnavailable } from "../../../handlers/clients/http/service-errors.ts";
import type { Reconciliation } from "../../../handlers/reconcile/reconcile.ts";
import { utcDate } from "../../../queries/tables/utc-date.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import { folderSettings, isThere } from "../toolkit/archive-folder.client.ts";
import { firstDayOf } from "../toolkit/backfill/backfill.ts";
import { backfillBookmark, fetchMissing, missingKey } from "../toolkit/backfill/fetch-missing.ts";
import type { Deployment, OpenDeployment } from "../toolkit/deployment/deployment.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import { notePrinter } from "../toolkit/present.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { isFailure, logTo } from "../toolkit/work-log.ts";
import type { BackfillRequest } from "./backfill.command.ts";
import { conversationLine, isComplete, reportText } from "./backfill-report.ts";

/** Fetches calls and recordings that the archive lacks, and processes them. */
export async function runBackfill(request: BackfillRequest, terminal: Terminal): Promise<void> {
  const settings = request.stack === undefined ? folderSettings(terminal.env) : settingsFrom(terminal.env);
  if (request.stack === undefined && !settings.elevenLabs) throw missingKey();
  if (request.stack === undefined && !isThere(settings))
    terminal.printNote(
      `${settings.folder} does not exist, so every call is missing. Set ARCHIVE_DIR if your archive is elsewhere.`,
    );
  const deployment = await deploymentOf(request.stack, settings);
  if (request.dryRun) return run(request, settings, deployment, undefined, terminal);
  const shown = terminal.progress("processing");
  const note = notePrinter(request.format, terminal);
  const log = logTo(note);
  const openDeployment = await deployment.open("npm run backfill", (entry) => {
    if (isFailure(entry)) log(entry);
    else shown.advance();
  });
  try {
    await run(request, settings, openDeployment, openDeployment, terminal);
    const { by, deadLettered } = await openDeployment.waitUntilProcessed();
    shown.end();
    if (by !== "here") note(`The fetched calls are processed by ${by}.`);
    if (deadLettered > 0) terminal.fail(`${deadLettered} dead-lettered: npm run redrive lists them with the reasons.`);
  } finally {
    await openDeployment.close();
  }
}

async function run(
  request: BackfillRequest,
  { folder }: Settings,
  deployment: Deployment,
  openDeployment: OpenDeployment | undefined,
  terminal: Terminal,
): Promise<void> {
  if (!(await deployment.elevenLabs())) throw missingKey();
  const { from, to, agent, dryRun } = request;
  const bookmark = backfillBookmark(folder, deployment, request);
  if (request.again && !dryRun) await bookmark.remove();
  const days = { from, to: to ?? utcDate(new Date()), agent };
  const first = request.again ? from : await firstDayOf(days, bookmark);
  if (first !== from)
    terminal.printNote(`Continuing with ${first}, where an earlier run stopped (--again starts from the beginning)`);
  const shown = terminal.progress("checking calls");
  try {
    const found = await fetchMissing(days, deployment, {
      openDeployment,
      first,
      bookmark,
      // S3 keeps checksums; a folder does not.
      checkDepth: request.stack === undefined ? "bytes" : "upload",
      reportsFolder: request.stack === undefined ? folder : undefined,
      onReconciled(reconciled) {
        shown.advance();
        const line = conversationLine(reconciled);
        if (line === undefined) return;
        shown.end();
        terminal.printNote(line);
      },
      stop: new AbortController().signal,
    });
    shown.end();
    printReport(found, request, terminal);
  } catch (error) {
    if (!(error instanceof ServiceRefused || error instanceof ServiceUnavailable)) throw error;
    shown.end();
    const what = isRefusalOfKey(error) ? "ElevenLabs rejects the key, so no more requests were sent: " : "";
    terminal.fail(`${what}${error.message}. What was fetched before is stored. Run the command again to continue.`);
  }
}

function printReport(found: Reconciliation, { dryRun, format }: BackfillRequest, terminal: Terminal): void {
  terminal.print(reportText(found, format, terminal.columns));
  if (!isComplete(found))
    terminal.fail(dryRun ? "Run without --dry-run to fetch what is missing." : "Something is still missing.");
  else if (format === "table") terminal.printLine("Nothing is missing.");
}
