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
import { conversationLine, isComplete, reportText } from "./backfill-report.ts";

/** ElevenLabs limits requests per minute. A backfill can wait for the next minute. */
const RETRY_POLICY = { retries: 8, longestPauseMs: 5 * 60 * 1000 };

/** Fetches calls and recordings that the archive lacks, and processes them. */
export async function runBackfill(request: BackfillRequest, terminal: Terminal): Promise<void> {
  const settings = settingsFrom(terminal.env);
  if (request.stack === undefined && !settings.elevenLabs) throw missingKey();
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
    if (by !== "here") note(`The fetched calls are processed by ${by}.`);
    if (deadLettered > 0) terminal.fail(`${deadLettered} dead-lettered: npm run redrive lists them with the reasons.`);
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
  if (!options) throw missingKey();
  const { from, to, agent, dryRun } = request;
  // Uses `to` as given, not today's date: the same command continues tomorrow, with one more day.
  const bookmark = folderBookmark(folder, { backfill: deployment.name, from, to, agent });
  if (request.again && !dryRun) await bookmark.remove();
  const days = { from, to: to ?? utcDate(new Date()), agent };
  const first = request.again ? from : await firstDayOf(days, bookmark);
  if (first !== from)
    terminal.printNote(`Continuing with ${first}, where an earlier run stopped (--again starts from the beginning)`);
  const shown = terminal.progress("checking calls");
  const retrying = { ...options, ...RETRY_POLICY };
  try {
    const found = await backfill(first, days, bookmark, {
      archive: deployment.archive,
      conversations: elevenLabsConversations(retrying),
      recordings: elevenLabsRecordings(retrying),
      now: () => new Date(),
      defaultCountryCode: deployment.defaultCountryCode,
      isDryRun: dryRun,
      // S3 keeps checksums; a folder does not.
      checkDepth: () => (request.stack === undefined ? "bytes" : "upload"),
      retriesRecordings: true,
      async onReconciled(reconciled) {
        shown.advance();
        const line = conversationLine(reconciled);
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
    const what = isRefusalOfKey(error) ? "ElevenLabs rejects the key, so no more requests were sent: " : "";
    terminal.fail(`${what}${error.message}. What was fetched before is stored. Run the command again to continue.`);
  }
}

function missingKey(): WrongUsage {
  return new WrongUsage("ELEVENLABS_API_KEY is not set: backfill needs it to fetch calls");
}

function printReport(found: Reconciliation, { dryRun, format }: BackfillRequest, terminal: Terminal): void {
  terminal.print(reportText(found, format, terminal.columns));
  if (!isComplete(found))
    terminal.fail(dryRun ? "Run without --dry-run to fetch what is missing." : "Something is still missing.");
  else if (format === "table") terminal.printLine("Nothing is missing.");
}
