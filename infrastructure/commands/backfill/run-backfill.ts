import { systemClock } from "../../../handlers/clients/clock.ts";
import { elevenLabsConversations } from "../../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { isRefusalOfKey, ServiceRefused, ServiceUnavailable } from "../../../handlers/clients/http/service-errors.ts";
import type { Reconciliation } from "../../../handlers/reconcile/reconcile.ts";
import type { Reconciled } from "../../../handlers/reconcile/reconcile-deps.ts";
import { utcDate } from "../../../queries/tables/utc-date.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import { folderBookmark } from "../toolkit/bookmark.client.ts";
import { waitForSpace } from "../toolkit/deployment/backpressure.ts";
import type { Deployment } from "../toolkit/deployment/deployment.ts";
import { deploymentOf } from "../toolkit/deployment/deployment-of.ts";
import { notePrinter } from "../toolkit/present.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { isFailure, logTo } from "../toolkit/work-log.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { BackfillRequest } from "./backfill.command.ts";
import { backfill, firstDayOf } from "./backfill.ts";
import { isAllThere, lineOn, reportText } from "./backfill-report.ts";

/** ElevenLabs' limits are by the minute: a person who waits for a backfill can wait for them. */
const RETRY_POLICY = { retries: 8, longestPauseMs: 5 * 60 * 1000 };

/** Fetches what the archive lacks, and has it processed. */
export async function runBackfill(request: BackfillRequest, terminal: Terminal): Promise<void> {
  const settings = settingsFrom(terminal.env);
  if (request.stack === undefined && !settings.elevenLabs) throw withoutKey();
  if (request.dryRun) return dryRun(request, settings, terminal);
  const shown = terminal.progress("processing");
  const note = notePrinter(request.format, terminal);
  const log = logTo(note);
  const deployment = await deploymentOf(request.stack, settings);
  const openDeployment = await deployment.open("npm run backfill", (entry) => {
    if (isFailure(entry)) log(entry);
    else shown.advance();
  });
  try {
    await run(request, settings, openDeployment, terminal, async ({ key }) => {
      if (key !== undefined) openDeployment.process(key);
      await waitForSpace(openDeployment, systemClock);
    });
    const { by, deadLettered } = await openDeployment.waitUntilProcessed();
    shown.end();
    if (by !== "here") note(`What was fetched is processed by ${by}.`);
    if (deadLettered > 0) terminal.fail(`${deadLettered} dead-lettered: npm run redrive lists them, with the reasons.`);
  } finally {
    await openDeployment.close();
  }
}

async function dryRun(request: BackfillRequest, settings: Settings, terminal: Terminal): Promise<void> {
  await run(request, settings, await deploymentOf(request.stack, settings), terminal, async () => {});
}

async function run(
  request: BackfillRequest,
  { folder }: Settings,
  deployment: Deployment,
  terminal: Terminal,
  onReconciled: (reconciled: Reconciled) => Promise<void>,
): Promise<void> {
  const options = await deployment.elevenLabs();
  if (!options) throw withoutKey();
  const { from, to, agent, dryRun } = request;
  // Without `to` the same words tomorrow mean a day more, and go on all the same.
  const bookmark = folderBookmark(folder, { backfill: deployment.name, from, to, agent });
  if (request.again && !dryRun) await bookmark.remove();
  const days = { from, to: to ?? utcDate(new Date()), agent };
  const first = request.again ? from : await firstDayOf(days, bookmark);
  if (first !== from) terminal.printNote(`Going on with ${first}, where an earlier run stopped (--again begins anew)`);
  const shown = terminal.progress("looking at calls");
  const retrying = { ...options, ...RETRY_POLICY };
  try {
    const found = await backfill(first, days, bookmark, {
      archive: deployment.archive,
      conversations: elevenLabsConversations(retrying),
      recordings: elevenLabsRecordings(retrying),
      now: () => new Date(),
      isDryRun: dryRun,
      // S3 keeps checksums; a folder does not.
      checkDepth: () => (request.stack === undefined ? "bytes" : "upload"),
      retriesRecordings: true,
      async onReconciled(reconciled) {
        shown.advance();
        const line = lineOn(reconciled);
        if (line !== undefined) {
          shown.end();
          terminal.printNote(line);
        }
        await onReconciled(reconciled);
      },
    });
    shown.end();
    printReport(found, request, terminal);
  } catch (error) {
    if (!(error instanceof ServiceRefused || error instanceof ServiceUnavailable)) throw error;
    shown.end();
    const what = isRefusalOfKey(error) ? "ElevenLabs rejects the key, so nothing more was asked: " : "";
    terminal.fail(`${what}${error.message}. What was done until then is done; run it again to go on.`);
  }
}

function withoutKey(): WrongUsage {
  return new WrongUsage("ELEVENLABS_API_KEY is not set: it is what calls are fetched with");
}

function printReport(found: Reconciliation, { dryRun, format }: BackfillRequest, terminal: Terminal): void {
  terminal.print(reportText(found, format, terminal.columns));
  if (!isAllThere(found))
    terminal.fail(dryRun ? "Without --dry-run, what is missing is fetched." : "Something is still missing.");
  else if (format === "table") terminal.printLine("Nothing is missing.");
}
