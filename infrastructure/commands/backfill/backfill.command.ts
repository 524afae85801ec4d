import { utcDate } from "../../../queries/tables/utc-date.ts";
import { defineCommand } from "../toolkit/command.ts";
import { AGAIN, AGENT, checkRange, DRY_RUN, FROM, format, STACK, TO } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** Which calls to fetch, and how. */
export interface BackfillRequest {
  /** The first UTC date on which calls started. */
  readonly from: string;
  /** The last date. Default: today. */
  readonly to?: string | undefined;
  readonly agent?: string | undefined;
  readonly dryRun: boolean;
  /** Whether to start from the beginning although an earlier run stopped later. */
  readonly again: boolean;
  readonly stack?: string | undefined;
  readonly format: "table" | "json";
}

/** `npm run backfill`. */
export const backfill = defineCommand({
  name: "backfill",
  summary: "Fetches calls and recordings that the archive lacks from ElevenLabs, for example after lost webhooks.",
  addOptions: (command) =>
    command
      .addOption(FROM)
      .addOption(TO)
      .addOption(AGENT)
      .addOption(DRY_RUN)
      .addOption(AGAIN)
      .addOption(STACK)
      .addOption(format(["table", "json"])),
  details: `--from is required. --to is today by default.

Requires ELEVENLABS_API_KEY; with --stack, the stack's own key is the default. Only damaged JSON is
overwritten. A webhook that arrives later replaces what was fetched. A call whose JSON is missing or damaged
is fetched again. A call that was deleted with npm run erase is not fetched.

Which calls each day lacks is stored in the folder's reports/, for the read API, also by a dry run.

You can stop the command and run it again at any time: it continues with the day at which it stopped. It
ends early if ElevenLabs rejects the key.`,
  exit: { 0: "nothing is missing", 1: "something is still missing; the output lists it" },
  read({ from, ...options }): BackfillRequest {
    if (from === undefined) throw new WrongUsage("Add the first day to fetch: --from 2026-11-01");
    checkRange({ from, to: options.to ?? utcDate(new Date()) });
    return { from, ...options };
  },
  load: async () => (await import("./run-backfill.ts")).runBackfill,
});
