import { parseArgs } from "node:util";
import type { VerifySelection } from "../../../handlers/verify/verify-archive.ts";
import { callerFolder, checkDays } from "../toolkit/option-values.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What a person asked for. */
export interface VerifyCommand {
  readonly selection: VerifySelection;
  readonly recordings: boolean;
  readonly all: boolean;
  readonly fix: boolean;
  readonly format: "text" | "json";
  readonly stack: string | undefined;
  /** The object whose bytes are accepted in place of the signed ones, and why. */
  readonly accept: { readonly key: string; readonly reason: string } | undefined;
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
      accept: string,
      reason: string,
    },
  });
  const { conversation, from, to, recordings, all, fix, format, stack } = values;
  if (format !== "text" && format !== "json") throw new WrongUsage(`--format ${format} is neither text nor json`);
  checkDays({ from, to });
  const caller = callerFolder(values.caller);
  const accept = acceptanceIn(values);
  return { selection: { caller, conversation, from, to }, recordings, all, fix, format, stack, accept };
}

function acceptanceIn(values: {
  readonly accept?: string;
  readonly reason?: string;
  readonly fix: boolean;
}): VerifyCommand["accept"] {
  const { accept: key, fix } = values;
  const reason = values.reason?.trim();
  if (key === undefined && reason === undefined) return undefined;
  if (key === undefined) throw new WrongUsage("--reason goes with --accept KEY: say which object is accepted");
  if (!reason) throw new WrongUsage(`--accept ${key} needs --reason "…": it is recorded`);
  if (fix) throw new WrongUsage("--accept and --fix exclude each other");
  return { key, reason };
}
