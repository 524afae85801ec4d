import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { address, format, STACK } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** Which archive to test; at least one of `url` and `stack` is set. */
export interface SmokeRequest {
  readonly url?: URL | undefined;
  readonly stack?: string | undefined;
  readonly timeoutSeconds: number;
  readonly format: "table" | "json";
}

/** `npm run smoke`. */
export const smoke = defineCommand({
  name: "smoke",
  summary: "Sends one signed sample call with a recording to an archive, prints what was stored, and removes it again.",
  addOptions: (command) =>
    command
      .addOption(
        address("the address of an archive that runs on this machine in ARCHIVE_DIR; with --stack, that of the stack"),
      )
      .addOption(STACK)
      .addOption(
        new Option("--timeout <seconds>", "the longest time for processing (default: 120)").argParser(secondsIn),
      )
      .addOption(format(["table", "json"])),
  details: `An AWS address (…amazonaws.com) without --stack means the stack CallArchive. With both --stack and --url,
the call is posted to that address of the stack, for example your own domain.

The secret is ELEVENLABS_WEBHOOK_SECRET, else the secret of the folder or the stack. A stack needs AWS
credentials that may read its secrets, use its workgroup, and delete versions in its buckets.`,
  examples: ["--url http://127.0.0.1:8787", "--stack CallArchive"],
  exit: { 0: "everything arrived", 1: "something is missing; the output states what, and where to look" },
  read({ url, stack, timeout = 120, format }): SmokeRequest {
    if (url === undefined && stack === undefined) throw new WrongUsage("Add the archive to test: --url or --stack");
    return { url, stack, timeoutSeconds: timeout, format };
  },
  load: async () => (await import("./run-smoke.ts")).runSmoke,
});

function secondsIn(word: string): number {
  const seconds = Number(word);
  if (!(seconds > 0)) throw new WrongUsage(`--timeout ${word} is not a number of seconds`);
  return seconds;
}
