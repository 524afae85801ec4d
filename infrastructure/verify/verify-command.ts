import { parseArgs } from "node:util";
import type { VerifySelection } from "../../handlers/verify/verify-archive.ts";
import { WrongUsage } from "../local/command.ts";
import { callerFolder, checkDays } from "../local/option-values.ts";

/** What a person asked for. */
export interface VerifyCommand {
  readonly selection: VerifySelection;
  readonly recordings: boolean;
  readonly all: boolean;
  readonly fix: boolean;
  readonly format: "text" | "json";
  readonly stack: string | undefined;
}

/**
 * Reads the words after `npm run verify --`.
 *
 * @throws WrongUsage if a value is not what its option takes.
 */
export function verifyCommandOf(args: string[]): VerifyCommand {
  const string = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      caller: string,
      conversation: string,
      from: string,
      to: string,
      recordings: flag,
      all: flag,
      fix: flag,
      format: { type: "string", default: "text" },
      stack: string,
    },
  });
  const { conversation, from, to, recordings, all, fix, format, stack } = values;
  if (format !== "text" && format !== "json") throw new WrongUsage(`--format ${format} is neither text nor json`);
  checkDays({ from, to });
  const caller = callerFolder(values.caller);
  return { selection: { caller, conversation, from, to }, recordings, all, fix, format, stack };
}
