import { Option } from "@commander-js/extra-typings";
import type { Step } from "../../../handlers/call/kinds/kind.ts";
import { transcription } from "../../../handlers/call/kinds/transcription.ts";
import type { Selection } from "../../../handlers/reprocess/selected-objects.ts";
import { defineCommand } from "../toolkit/command.ts";
import { AGAIN, AGENT, CALLER, CONVERSATION, DRY_RUN, FROM, rate, STACK, TO, YES } from "../toolkit/options.ts";
import { STACK_RATE } from "../toolkit/pace.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What is to be processed again. */
export interface ReprocessRequest {
  readonly selection: Selection;
  /** Where the ids of conversations are to be read: a path, or `-` for standard input. */
  readonly idsFile: string | undefined;
  /** The `redo` value of each `rePut`. */
  readonly redo: string | undefined;
  /** Objects a second; `undefined` for as many as go. */
  readonly rate: number | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly again: boolean;
  readonly stack: string | undefined;
}

/** `npm run reprocess`. */
export const reprocess = defineCommand({
  name: "reprocess",
  summary: "Processes calls again: recording, rows and memories are made anew from the JSON in the archive.",
  words: (command) =>
    command
      .addOption(CALLER)
      .addOption(CONVERSATION)
      .addOption(FROM)
      .addOption(TO)
      .addOption(AGENT)
      .addOption(
        new Option(
          "--ids <file>",
          "only these conversations, as a saved query answers them (--format csv or json, with a column conversation_id) or an id a line; - reads them from standard input",
        ),
      )
      .addOption(
        new Option("--only <steps>", "does only these again, of audio,rows,memory; what else is done stays").argParser(
          stepsIn,
        ),
      )
      .addOption(
        rate(
          `at most this many objects a second (on a stack ${STACK_RATE}, so that the queue and the memory service can follow; else no limit)`,
          "a number of objects a second",
        ),
      )
      .addOption(DRY_RUN)
      .addOption(YES)
      .addOption(AGAIN)
      .addOption(STACK),
  details: `Without any of them: every call in the folder of ARCHIVE_DIR (default .archive). If the archive is running there,
it does the work; otherwise it is done here. On a stack its processor does it. Nothing is doubled, however often
you run it, and whoever stops it can go on with the same command. --dry-run says which objects it would be, and what it takes.

  npm run --silent query -- worst-calls --format csv | npm run reprocess -- --ids - --only rows`,
  exit: { 0: "all done", 1: "some could not be processed or are not there" },
  read({ caller, conversation, from, to, agent, only, ids, ...options }): ReprocessRequest {
    const { stack, dryRun, yes, again } = options;
    return {
      selection: { caller, conversation, from, to, agent, only },
      idsFile: ids,
      redo: only?.join(","),
      rate: options.rate ?? (stack === undefined ? undefined : STACK_RATE),
      dryRun,
      yes,
      again,
      stack,
    };
  },
  load: async () => (await import("./run-reprocess.ts")).runReprocess,
});

function stepsIn(words: string): readonly Step[] {
  const stated = words.split(",").map((word) => word.trim());
  const unknown = stated.find((word) => !transcription.steps.some((step) => step === word));
  if (unknown !== undefined) {
    throw new WrongUsage(`--only ${words}: there is no step "${unknown}", but ${transcription.steps.join(", ")}`);
  }
  return transcription.steps.filter((step) => stated.includes(step));
}
