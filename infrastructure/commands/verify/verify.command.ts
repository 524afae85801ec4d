import { Option } from "@commander-js/extra-typings";
import type { VerifySelection } from "../../../handlers/verify/verify-archive.ts";
import { defineCommand } from "../toolkit/command.ts";
import { CALLER, CONVERSATION, FROM, format, REASON, STACK, TO } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What to verify, and what to do about findings. */
export interface VerifyRequest {
  readonly selection: VerifySelection;
  readonly recordings: boolean;
  readonly all: boolean;
  readonly fix: boolean;
  readonly format: "text" | "json";
  readonly stack: string | undefined;
  /** The object whose bytes are accepted in place of the signed ones, and the reason. */
  readonly accept: { readonly key: string; readonly reason: string } | undefined;
}

const RECORDINGS = new Option(
  "--recordings",
  "also reads every recording completely; without it, only the recorded metadata of each",
).default(false);

const ALL = new Option("--all", "prints a line for each object; without it, only for objects with findings").default(
  false,
);

const FIX = new Option(
  "--fix",
  "repairs what can be repaired, fetches lost and damaged calls from ElevenLabs (needs ELEVENLABS_API_KEY), and checks both again; never accepts changed bytes",
).default(false);

const ACCEPT = new Option(
  "--accept <key>",
  "with --reason: accepts the object at this key, which was replaced without a signature, and records the reason",
);

/** `npm run verify`. */
export const verify = defineCommand({
  name: "verify",
  summary: "Checks every object in the archive, and repairs damaged ones with --fix.",
  addOptions: (command) =>
    command
      .addOption(CALLER)
      .addOption(CONVERSATION)
      .addOption(FROM)
      .addOption(TO)
      .addOption(RECORDINGS)
      .addOption(ALL)
      .addOption(FIX)
      .addOption(ACCEPT)
      .addOption(REASON)
      .addOption(format(["text", "json"]))
      .addOption(STACK),
  details: `For each object, it checks the signature, the index, the rows, the recording and the memories. It also finds
rows and recordings that belong to no call, and checks closed days and packed hours. With --format json, each
line is one object.

Without a selection, it checks everything in the folder of ARCHIVE_DIR (default .archive). It reads every part
of a closed day and of a packed hour to compare its hash; on a stack, you pay for reading them. With a
selection, it skips closed days, packed hours, and rows and recordings that belong to no call. Nothing is changed without --fix or --accept, and
nothing is ever deleted. The findings of a check without a selection are also stored in the folder's reports/,
for the read API. An object that changes during the check, or arrived in the last ten minutes and is not
processed yet, counts as in work.

--fix processes objects again, restores metadata and recordings from other records, and rebuilds closed days
and packed hours from live objects. A running archive or a stack processes and rebuilds by itself: run verify again
afterwards. While an archive runs in the folder, metadata and recordings are not restored.`,
  exit: {
    0: "there are no findings",
    1: "there are findings, or objects that are not processed again yet, or nothing of --conversation or --caller",
  },
  read({ caller, conversation, from, to, accept, reason, ...options }): VerifyRequest {
    const { recordings, all, fix, format, stack } = options;
    return {
      selection: { caller, conversation, from, to },
      recordings,
      all,
      fix,
      format,
      stack,
      accept: acceptanceIn(accept, reason?.trim(), fix),
    };
  },
  load: async () => (await import("./run-verify.ts")).runVerify,
});

function acceptanceIn(key: string | undefined, reason: string | undefined, fix: boolean): VerifyRequest["accept"] {
  if (key === undefined && reason === undefined) return undefined;
  if (key === undefined) throw new WrongUsage("--reason goes with --accept KEY: add the key of the accepted object");
  if (!reason) throw new WrongUsage(`--accept ${key} needs --reason "…", which is recorded`);
  if (fix) throw new WrongUsage("--accept and --fix exclude each other");
  return { key, reason };
}
