import { Option } from "@commander-js/extra-typings";
import { CLOSE_AFTER_HOURS } from "../../../handlers/compact/days.ts";
import { defineCommand } from "../toolkit/command.ts";
import { DRY_RUN, dateOf, format } from "../toolkit/options.ts";

/** What is to be closed. */
export interface CompactRequest {
  /** One UTC date; every day that can be closed if it is not there. */
  readonly day?: string | undefined;
  readonly dryRun: boolean;
  readonly format: "table" | "json";
}

/** `npm run compact`. */
export const compact = defineCommand({
  name: "compact",
  summary: "Closes past days: the many small objects of a day become few large ones, which are quick to query.",
  words: (command) =>
    command
      .addOption(
        new Option(
          "--day <date>",
          "only this UTC date, YYYY-MM-DD: makes it anew if it is closed, else closes it and the open days before it",
        ).argParser(dateOf("--day")),
      )
      .addOption(DRY_RUN)
      .addOption(format(["table", "json"])),
  details: `Without --day: every day that has been over for ${CLOSE_AFTER_HOURS} hours is closed, and closed days in which something changed are
made anew. The archive in the folder of ARCHIVE_DIR (default .archive) does that by itself while it runs. Nothing is
lost by it: the small objects stay. Run it as often as you like, and stop it whenever you like.`,
  exit: { 0: "all done", 1: "a day could not be closed or rows are missing from one" },
  read: (options): CompactRequest => options,
  load: async () => (await import("./run-compact.ts")).runCompact,
});
