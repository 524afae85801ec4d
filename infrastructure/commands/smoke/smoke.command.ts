import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../toolkit/command.ts";
import { address, format, STACK } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** Which archive is tried out; at least one of its address and its stack is there. */
export interface SmokeRequest {
  readonly url?: URL | undefined;
  readonly stack?: string | undefined;
  readonly timeoutSeconds: number;
  readonly format: "table" | "json";
}

/** `npm run smoke`. */
export const smoke = defineCommand({
  name: "smoke",
  summary:
    "Sends one signed sample call with a recording to an archive, shows what came of it, and takes it away again.",
  words: (command) =>
    command
      .addOption(address("an archive that runs on this machine (npm start), on ARCHIVE_DIR; with --stack, its address"))
      .addOption(STACK)
      .addOption(
        new Option("--timeout <seconds>", "how long processing may take; 120 unless given").argParser(secondsIn),
      )
      .addOption(format(["table", "json"])),
  details: `An address of AWS (…amazonaws.com) without --stack is that of the stack CallArchive. With --stack and --url, the stack is
tried under another address, such as a domain of your own.

The secret is ELEVENLABS_WEBHOOK_SECRET, else the one of the folder or the stack. For a stack you need credentials
for AWS that may read its secrets, use its workgroup, and delete versions in its buckets.`,
  examples: ["--url http://127.0.0.1:8787", "--stack CallArchive"],
  exit: { 0: "everything arrived", 1: "something is missing (it says what, and where to look)" },
  read({ url, stack, timeout = 120, format }): SmokeRequest {
    if (url === undefined && stack === undefined) throw new WrongUsage("say which archive: --url or --stack");
    return { url, stack, timeoutSeconds: timeout, format };
  },
  load: async () => (await import("./run-smoke.ts")).runSmoke,
});

function secondsIn(word: string): number {
  const seconds = Number(word);
  if (!(seconds > 0)) throw new WrongUsage(`--timeout ${word} is not a number of seconds`);
  return seconds;
}
