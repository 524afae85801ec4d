import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { address, format, rate, wholeNumber } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** How large a load, and on what. */
export interface LoadRequest {
  readonly count: number;
  readonly perSecond: number;
  readonly kilobytes: number;
  readonly url: URL | undefined;
  readonly format: "table" | "json";
}

/** `npm run load`. */
export const load = defineCommand({
  name: "load",
  summary:
    "Puts a running archive under load: posts signed sample calls at a fixed rate, and measures how it stands it.",
  words: (command) =>
    command
      .addOption(
        new Option("--calls <n>", "how many calls, each with an id of its own").argParser(wholeNumber("--calls")),
      )
      .addOption(
        rate("how many a second; each is sent when its time has come, whether or not earlier ones were answered"),
      )
      .addOption(
        new Option("--kilobytes <n>", "about how large a call is; 150 unless given, which is some 160 turns").argParser(
          wholeNumber("--kilobytes"),
        ),
      )
      .addOption(address("where the archive listens; http://127.0.0.1:8787, or PORT, unless given"))
      .addOption(format(["table", "json"])),
  details: `--calls and --rate must be given. The calls stay where they are sent. Give them an archive of their own, in two terminals:

  ARCHIVE_DIR=.archive-load npm start
  ARCHIVE_DIR=.archive-load npm run load -- --calls 3000 --rate 50

An archive that runs in ARCHIVE_DIR on this machine is watched until all is processed and a query finds every call. Of
any other, which takes ELEVENLABS_WEBHOOK_SECRET, only the answers are seen, and GET /health where it has that.

An answer's time counts from when its call was due. The run ends early when the archive goes away, or when nothing has
moved for two minutes.`,
  exit: { 0: "every call was answered 200, processed and found", 1: "one was not" },
  read({ calls, rate, kilobytes = 150, url, format }): LoadRequest {
    if (calls === undefined || rate === undefined) throw new WrongUsage("say how much: --calls and --rate");
    return { count: calls, perSecond: rate, kilobytes, url, format };
  },
  load: async () => (await import("./run-load.ts")).runLoad,
});
