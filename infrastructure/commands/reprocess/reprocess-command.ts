import { parseArgs } from "node:util";
import type { Step } from "../../../handlers/process/conversation-index.ts";
import { STEPS } from "../../../handlers/process/object-record.ts";
import type { Selection } from "../../../handlers/reprocess/selected-objects.ts";
import { callerFolder, checkDays } from "../toolkit/option-values.ts";
import { STACK_RATE } from "../toolkit/pace.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What a person asked for. */
export interface ReprocessCommand {
  readonly selection: Selection;
  /** Where the ids of conversations are to be read: a path, or `-` for standard input. */
  readonly idsFile: string | undefined;
  /** What `renew` is to say of the steps. */
  readonly redo: string | undefined;
  /** Objects a second; `undefined` for as many as go. */
  readonly rate: number | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly again: boolean;
  readonly stack: string | undefined;
}

/**
 * Reads the words after `npm run reprocess --`.
 *
 * @throws WrongUsage if a value is not what its option takes.
 */
export function reprocessCommandOf(args: string[]): ReprocessCommand {
  const string = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      caller: string,
      conversation: string,
      from: string,
      to: string,
      agent: string,
      ids: string,
      only: string,
      rate: string,
      "dry-run": flag,
      yes: flag,
      again: flag,
      stack: string,
    },
  });
  const { conversation, from, to, agent, stack } = values;
  checkDays({ from, to });
  const caller = callerFolder(values.caller);
  const only = values.only === undefined ? undefined : stepsIn(values.only);
  return {
    selection: { caller, conversation, from, to, agent, only },
    idsFile: values.ids,
    redo: only?.join(","),
    rate: values.rate === undefined ? (stack === undefined ? undefined : STACK_RATE) : rateIn(values.rate),
    dryRun: values["dry-run"],
    yes: values.yes,
    again: values.again,
    stack,
  };
}

function stepsIn(words: string): readonly Step[] {
  const asked = words.split(",").map((word) => word.trim());
  const unknown = asked.find((word) => !STEPS.transcription.some((step) => step === word));
  if (unknown !== undefined) {
    throw new WrongUsage(`--only ${words}: there is no step "${unknown}", but ${STEPS.transcription.join(", ")}`);
  }
  return STEPS.transcription.filter((step) => asked.includes(step));
}

function rateIn(words: string): number {
  const rate = Number(words);
  if (!/^\d+$/.test(words) || rate === 0) {
    throw new WrongUsage(`--rate ${words} is not a number of objects a second: write it as 50`);
  }
  return rate;
}
