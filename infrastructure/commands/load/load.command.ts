import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { address, format, rate, wholeNumber } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** The size of the load, and its target. */
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
  summary: "Puts load on a running archive: posts signed sample calls at a fixed rate, and measures the results.",
  addOptions: (command) =>
    command
      .addOption(
        new Option("--calls <n>", "the number of calls; each has a unique id").argParser(wholeNumber("--calls")),
      )
      .addOption(rate("calls per second; each is sent at its time, whether or not earlier calls were answered"))
      .addOption(
        new Option("--kilobytes <n>", "the approximate size of a call (default: 150, about 160 turns)").argParser(
          wholeNumber("--kilobytes"),
        ),
      )
      .addOption(address("the address of the archive (default: http://127.0.0.1:8787, or the port in PORT)"))
      .addOption(format(["table", "json"])),
  details: `--calls and --rate are required. The calls stay in the archive, so use a separate archive, in two terminals:

  ARCHIVE_DIR=.archive-load npm start
  ARCHIVE_DIR=.archive-load npm run load -- --calls 3000 --rate 50

If the archive runs in ARCHIVE_DIR on this machine, the command waits until all calls are processed and a
query finds each of them. For any other archive, set ELEVENLABS_WEBHOOK_SECRET. Then the command measures
only responses, and reads GET /health if the archive has it.

A response time counts from the moment at which the call was due. The run ends early if the archive stops
responding, or if there is no progress for two minutes.`,
  exit: { 0: "every call was answered 200, processed and found", 1: "a call was not" },
  read({ calls, rate, kilobytes = 150, url, format }): LoadRequest {
    if (calls === undefined || rate === undefined) throw new WrongUsage("Add the size of the load: --calls and --rate");
    return { count: calls, perSecond: rate, kilobytes, url, format };
  },
  load: async () => (await import("./run-load.ts")).runLoad,
});
