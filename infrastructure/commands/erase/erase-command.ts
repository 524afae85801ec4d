import { parseArgs } from "node:util";
import type { ErasureOf } from "../../../handlers/erase/erasure.ts";
import { callerFolder } from "../toolkit/option-values.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What a person asked for. */
export interface EraseCommand {
  readonly of: ErasureOf;
  readonly reason: string;
  readonly yes: boolean;
  readonly stack: string | undefined;
}

/**
 * Reads the words after `npm run erase --`.
 *
 * @throws WrongUsage if it is not said what to erase, and why.
 */
export function eraseCommandOf(args: string[]): EraseCommand {
  const string = { type: "string" } as const;
  const yes = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args,
    options: { conversation: string, caller: string, reason: string, yes, stack: string },
  });
  const conversation = values.conversation?.trim();
  const caller = callerFolder(values.caller?.trim());
  const reason = values.reason?.trim();
  if (!conversation === !caller) throw new WrongUsage("say what to erase: --conversation ID or --caller C");
  if (caller && !/^[A-Za-z0-9-][A-Za-z0-9_-]*$/.test(caller))
    throw new WrongUsage(`--caller ${caller} is no caller's folder`);
  if (!reason) throw new WrongUsage('say why: --reason "…" is recorded in the index');
  return {
    of: conversation ? { conversation } : { caller: caller ?? "" },
    reason,
    yes: values.yes,
    stack: values.stack,
  };
}
