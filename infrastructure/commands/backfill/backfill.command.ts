import { utcDate } from "../../../queries/tables/utc-date.ts";
import { defineCommand } from "../toolkit/command.ts";
import { AGAIN, AGENT, DRY_RUN, FROM, format, STACK, TO } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What is to be fetched. */
export interface BackfillRequest {
  /** First UTC date of the calls' starts. */
  readonly from: string;
  /** The last one, which is today if it is not there. */
  readonly to?: string | undefined;
  readonly agent?: string | undefined;
  readonly dryRun: boolean;
  /** Whether to begin anew where an earlier run stopped. */
  readonly again: boolean;
  readonly stack?: string | undefined;
  readonly format: "table" | "json";
}

/** `npm run backfill`. */
export const backfill = defineCommand({
  name: "backfill",
  summary: "Fetches from ElevenLabs what the archive lacks: calls whose webhooks were lost, and recordings.",
  words: (command) =>
    command
      .addOption(FROM)
      .addOption(TO)
      .addOption(AGENT)
      .addOption(DRY_RUN)
      .addOption(AGAIN)
      .addOption(STACK)
      .addOption(format(["table", "json"])),
  details: `--from must be given; --to is today if it is not.

Needs ELEVENLABS_API_KEY; for a stack, its own key is taken if none is set. What is there is never written over, and what
comes by webhook later takes the place of what was fetched. Run it as often as you like, and stop it whenever you like: it
goes on with the day at which it stopped. A call whose JSON is gone or damaged is fetched, too; one that was deleted with
npm run erase stays deleted. It stops when ElevenLabs rejects the key.`,
  exit: { 0: "nothing is missing any more", 1: "something is (it says what)" },
  read({ from, ...options }): BackfillRequest {
    if (from === undefined) throw new WrongUsage("say from which day on: --from 2026-11-01");
    const to = options.to ?? utcDate(new Date());
    if (from > to) throw new WrongUsage(`--from ${from} is after --to ${to}`);
    return { from, ...options };
  },
  load: async () => (await import("./run-backfill.ts")).runBackfill,
});
