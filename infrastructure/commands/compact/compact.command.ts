import { Option } from "@commander-js/extra-typings";
import { CLOSE_AFTER_HOURS } from "../../../handlers/compact/days.ts";
import { defineCommand } from "../toolkit/command.ts";
import { DRY_RUN, dateOf, format } from "../toolkit/options.ts";

/** Which days to close. */
export interface CompactRequest {
  /** One UTC date. Default: every day that can be closed. */
  readonly day?: string | undefined;
  readonly dryRun: boolean;
  readonly format: "table" | "json";
}

/** `npm run compact`. */
export const compact = defineCommand({
  name: "compact",
  summary:
    "Closes past days: combines the many small objects of a day into a few large ones, which are faster to query.",
  addOptions: (command) =>
    command
      .addOption(
        new Option(
          "--day <date>",
          "rebuilds this UTC date (YYYY-MM-DD) if it is closed; otherwise closes it and all open days before it",
        ).argParser(dateOf("--day")),
      )
      .addOption(DRY_RUN)
      .addOption(format(["table", "json"])),
  details: `Works on the folder of ARCHIVE_DIR (default .archive). Without --day, it closes every day that ended at
least ${CLOSE_AFTER_HOURS} hours ago, and rebuilds closed days in which something changed. A running archive
(npm start) does the same by itself.

The small objects remain, so nothing is lost. You can stop the command and run it again at any time.`,
  exit: { 0: "every day was closed or rebuilt", 1: "a day could not be closed, or rows are missing from one" },
  read: (options): CompactRequest => options,
  load: async () => (await import("./run-compact.ts")).runCompact,
});
