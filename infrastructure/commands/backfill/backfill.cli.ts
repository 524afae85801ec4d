import { systemClock } from "../../../handlers/clients/clock.ts";
import { elevenLabsConversations } from "../../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { isRefusalOfKey, ServiceRefused, ServiceUnavailable } from "../../../handlers/clients/http/service-errors.ts";
import type { Reconciliation } from "../../../handlers/reconcile/reconcile.ts";
import type { Reconciled } from "../../../handlers/reconcile/reconciling.ts";
import { jsonLog } from "../../local/log.ts";
import { type Settings, settingsFrom } from "../../local/settings.ts";
import { folderBookmark } from "../toolkit/bookmark.client.ts";
import { deployed } from "../toolkit/deployed.ts";
import { folderInstallation, folderWorkplace } from "../toolkit/folder-installation.client.ts";
import type { Installation, Workplace } from "../toolkit/installation.ts";
import { progress } from "../toolkit/progress.ts";
import { room } from "../toolkit/room.ts";
import { runAsCommand } from "../toolkit/run-as-command.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import { backfill, firstDayOf } from "./backfill.ts";
import { type BackfillCommand, backfillCommandOf } from "./backfill-command.ts";
import { isAllThere, lineOn, reportTable } from "./backfill-report.ts";

const HELP = `Fetches from ElevenLabs what the archive lacks: calls whose webhooks were lost, and recordings.

Usage: npm run backfill -- --from D [--to D] [--agent A] [--dry-run] [--again] [--stack NAME]

  --from D, --to D  calls that began on these UTC dates, YYYY-MM-DD, both included; --to is today if it is not said
  --agent A         only calls of this agent
  --dry-run         only says what is missing
  --again           begins anew where an earlier run of the same was stopped
  --stack NAME      the archive that is deployed as this stack, instead of the one in ARCHIVE_DIR (default .archive)

Needs ELEVENLABS_API_KEY; for a stack, its own key is taken if none is set. What is there is never written over, and what
comes by webhook later takes the place of what was fetched. Run it as often as you like, and stop it whenever you like: it
goes on with the day at which it stopped. A call whose JSON is gone or damaged is fetched, too; one that was deleted with
npm run erase stays deleted. It stops when ElevenLabs rejects the key.

Exit status: 0 nothing is missing any more, 1 something is (it says what), 2 wrong usage.`;

/** ElevenLabs' limits are by the minute: a person who waits for a backfill can wait for them. */
const PATIENCE = { retries: 8, longestPauseMs: 5 * 60 * 1000 };

await runAsCommand(HELP, async () => {
  const command = backfillCommandOf(process.argv.slice(2), new Date());
  const settings = settingsFrom(process.env);
  if (command.isDryRun) return look(command, settings);
  const shown = progress(process.stderr, "processing");
  const log = jsonLog(
    (line) => process.stdout.write(line),
    () => new Date(),
  );
  const workplace = await workplaceOf(command.stack, settings, (entry) => {
    if (entry["event"] === "failed" || entry["event"] === "given up") log(entry);
    else shown.step();
  });
  try {
    await run(command, settings, workplace, async ({ key }) => {
      if (key !== undefined) workplace.process(key);
      await room(workplace, systemClock);
    });
    const { by, givenUp } = await workplace.processed();
    shown.end();
    if (by !== "here") say(`What was fetched is processed by ${by}.\n`);
    if (givenUp > 0) fail(`${givenUp} given up on: npm run redrive lists them, with the reasons.`);
  } finally {
    await workplace.close();
  }
});

async function workplaceOf(
  stack: string | undefined,
  settings: Settings,
  log: Parameters<typeof folderWorkplace>[2],
): Promise<Workplace> {
  return stack === undefined ? folderWorkplace(settings, "npm run backfill", log) : deployed(stack, settings);
}

async function look(command: BackfillCommand, settings: Settings): Promise<void> {
  const { stack } = command;
  const installation = stack === undefined ? folderInstallation(settings) : await deployed(stack, settings);
  await run(command, settings, installation, async () => {});
}

async function run(
  command: BackfillCommand,
  { folder }: Settings,
  installation: Installation,
  onLooked: (looked: Reconciled) => Promise<void>,
): Promise<void> {
  const options = await installation.elevenLabs();
  if (!options) throw new WrongUsage("ELEVENLABS_API_KEY is not set: it is what calls are fetched with");
  const { from, saidTo, agent, isDryRun } = command;
  const bookmark = folderBookmark(folder, { backfill: installation.name, from, to: saidTo, agent });
  if (command.again && !isDryRun) await bookmark.remove();
  const first = command.again ? from : await firstDayOf(command, bookmark);
  if (first !== from) note(`Going on with ${first}, where an earlier run stopped (--again begins anew)`);
  const shown = progress(process.stderr, "looking at calls");
  const patient = { ...options, ...PATIENCE };
  try {
    const found = await backfill(first, command, bookmark, {
      archive: installation.archive,
      conversations: elevenLabsConversations(patient),
      recordings: elevenLabsRecordings(patient),
      now: () => new Date(),
      isDryRun,
      // S3 keeps checksums; a folder does not.
      look: () => (command.stack === undefined ? "bytes" : "upload"),
      asksAgain: true,
      async onLooked(looked) {
        shown.step();
        const line = lineOn(looked);
        if (line !== undefined) {
          shown.end();
          note(line);
        }
        await onLooked(looked);
      },
    });
    shown.end();
    tell(found, command);
  } catch (error) {
    if (!(error instanceof ServiceRefused || error instanceof ServiceUnavailable)) throw error;
    shown.end();
    const what = isRefusalOfKey(error) ? "ElevenLabs rejects the key, so nothing more was asked: " : "";
    fail(`${what}${error.message}. What was done until then is done; run it again to go on.`);
  }
}

function tell(found: Reconciliation, { isDryRun }: BackfillCommand): void {
  say(reportTable(found, process.stdout.columns));
  if (isAllThere(found)) say("Nothing is missing.\n");
  else fail(isDryRun ? "Without --dry-run, what is missing is fetched." : "Something is still missing.");
}

function fail(line: string): void {
  note(line);
  process.exitCode = 1;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

function say(text: string): void {
  process.stdout.write(text);
}
