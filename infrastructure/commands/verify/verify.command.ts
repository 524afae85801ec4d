import { Option } from "@commander-js/extra-typings";
import type { VerifySelection } from "../../../handlers/verify/verify-archive.ts";
import { defineCommand } from "../toolkit/command.ts";
import { CALLER, CONVERSATION, FROM, format, REASON, STACK, TO } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What is to be verified, and what is to be done about it. */
export interface VerifyRequest {
  readonly selection: VerifySelection;
  readonly recordings: boolean;
  readonly all: boolean;
  readonly fix: boolean;
  readonly format: "text" | "json";
  readonly stack: string | undefined;
  /** The object whose bytes are accepted in place of the signed ones, and why. */
  readonly accept: { readonly key: string; readonly reason: string } | undefined;
}

const RECORDINGS = new Option(
  "--recordings",
  "reads every recording from its first byte to its last, too; without it, only what is noted of each",
).default(false);

const ALL = new Option(
  "--all",
  "a line for each object; without it, only for those in which something does not hold",
).default(false);

const FIX = new Option(
  "--fix",
  "repairs what can be repaired, fetches from ElevenLabs what was lost or damaged (needs ELEVENLABS_API_KEY), and looks at it once more; bytes that were changed are never accepted by it",
).default(false);

const ACCEPT = new Option(
  "--accept <key>",
  "with --reason: records that the object at this key, which was replaced without a signature, is accepted, and why",
);

/** `npm run verify`. */
export const verify = defineCommand({
  name: "verify",
  summary: "Says of every object in the archive whether it is what it should be, and repairs what is not.",
  words: (command) =>
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
  details: `It looks whether each is signed, on record, with the right rows, its recording beside it, its caller remembered. Also what
belongs to nothing, and whether closed days are whole. With --format json, an object a line.

Without any option: everything in the folder of ARCHIVE_DIR (default .archive). Every part of a closed day is read and
compared with its hash on record; on a stack that costs reading them all. With a selection, what belongs to nothing and
closed days are left out. Nothing is changed without --fix or --accept, and nothing is ever deleted. What changes while
it is looked at, or was put there in the last ten minutes and waits for its turn, counts as in work.

--fix processes objects again, puts metadata and recordings again from what else is on record, and rebuilds closed days
from live objects. Where the archive runs, or on a stack, the last is done there: run this once more afterwards.`,
  exit: { 0: "all holds", 1: "something does not, or is still to be processed again" },
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
  if (key === undefined) throw new WrongUsage("--reason goes with --accept KEY: say which object is accepted");
  if (!reason) throw new WrongUsage(`--accept ${key} needs --reason "…": it is recorded`);
  if (fix) throw new WrongUsage("--accept and --fix exclude each other");
  return { key, reason };
}
