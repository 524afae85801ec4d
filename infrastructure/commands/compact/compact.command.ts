import { Option } from "@commander-js/extra-typings";
import { CLOSE_AFTER_HOURS, PACK_AFTER_MINUTES, PACKED_FROM_CALLS } from "../../../handlers/compact/days.ts";
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
    "Closes past days and packs finished hours: combines many small objects into a few large ones, for faster queries.",
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

It also packs the hours of open days that ended at least ${PACK_AFTER_MINUTES} minutes ago, once those of a day have
${PACKED_FROM_CALLS} calls that are in no pack. An hour in which something changes is packed again. With --day, no hour is
packed.

The small objects remain, so nothing is lost. You can stop the command and run it again at any time.`,
  exit: {
    0: "all days were closed or rebuilt, and all hours packed",
    1: "a day could not be closed, or an hour packed, or rows are missing from one",
  },
  read: (options): CompactRequest => options,
  load: async () => (await import("./run-compact.ts")).runCompact,
});
