import { Option } from "@commander-js/extra-typings";
import type { Step } from "../../../handlers/call/kinds/kind.ts";
import { transcription } from "../../../handlers/call/kinds/transcription.ts";
import type { Selection } from "../../../handlers/reprocess/selected-objects.ts";
import { defineCommand } from "../toolkit/command.ts";
import { AGAIN, AGENT, CALLER, CONVERSATION, DRY_RUN, FROM, rate, STACK, TO, YES } from "../toolkit/options.ts";
import { STACK_RATE } from "../toolkit/pace.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What to process again, and how. */
export interface ReprocessRequest {
  readonly selection: Selection;
  /** The file with the ids of conversations: a path, or `-` for standard input. */
  readonly idsFile: string | undefined;
  /** The `redo` value of each `rePut`. */
  readonly redo: string | undefined;
  /** Objects per second; `undefined` for no limit. */
  readonly rate: number | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly again: boolean;
  readonly stack: string | undefined;
}

/** `npm run reprocess`. */
export const reprocess = defineCommand({
  name: "reprocess",
  summary: "Processes calls again: rebuilds recordings, rows and memories from the JSON in the archive.",
  addOptions: (command) =>
    command
      .addOption(CALLER)
      .addOption(CONVERSATION)
      .addOption(FROM)
      .addOption(TO)
      .addOption(AGENT)
      .addOption(
        new Option(
          "--ids <file>",
          "only these conversations: the output of a saved query (--format csv or json, with a column conversation_id) or one id per line; - reads standard input",
        ),
      )
      .addOption(
        new Option(
          "--only <steps>",
          "repeats only these steps, of audio,rows,memory; other steps that are done stay done",
        ).argParser(stepsIn),
      )
      .addOption(
        rate(
          `the most objects per second (default: ${STACK_RATE} on a stack, so that the queue and the memory service can keep up; else no limit)`,
          "a number of objects a second",
        ),
      )
      .addOption(DRY_RUN)
      .addOption(YES)
      .addOption(AGAIN)
      .addOption(STACK),
  details: `Without a selection, it processes every call in the folder of ARCHIVE_DIR (default .archive). A running
archive or a stack's processor does the work; if no archive runs in the folder, this command does. --dry-run
lists the objects, and on a stack estimates cost and time.

You can run it any number of times: nothing is duplicated. After a stop, the same command continues.

  npm run --silent query -- worst-calls --format csv | npm run reprocess -- --ids - --only rows`,
  exit: { 0: "all objects were processed or re-put", 1: "some objects failed or do not exist" },
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
    throw new WrongUsage(
      `--only ${words}: there is no step "${unknown}". The steps are ${transcription.steps.join(", ")}`,
    );
  }
  return transcription.steps.filter((step) => stated.includes(step));
}
