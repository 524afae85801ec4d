import { parseArgs } from "node:util";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { Failure } from "./failures.ts";

/** What a person asked for. */
export interface RedriveCommand {
  readonly action: "list" | "send" | "drop";
  /** Empty for all of them. */
  readonly keys: readonly string[];
  /** Whether all includes what is quarantined where nobody is asked. */
  readonly quarantined: boolean;
  readonly yes: boolean;
  readonly stack: string | undefined;
}

/**
 * Reads the words after `npm run redrive --`.
 *
 * @throws WrongUsage if it is not said what to do with which.
 */
export function redriveCommandOf(args: string[]): RedriveCommand {
  const flag = { type: "boolean", default: false } as const;
  const options = {
    send: flag,
    drop: flag,
    all: flag,
    quarantined: flag,
    yes: flag,
    stack: { type: "string" },
  } as const;
  const { values, positionals: keys } = parseArgs({ args, allowPositionals: true, options });
  const { send, drop, all, quarantined, yes, stack } = values;
  if (send && drop) throw new WrongUsage("--send and --drop exclude each other: an object is sent back or forgotten");
  if (all && keys.length > 0) throw new WrongUsage("name the objects or say --all, not both");
  if (quarantined && !(send && all))
    throw new WrongUsage("--quarantined goes with --send --all: else name the objects");
  const action = send ? "send" : drop ? "drop" : "list";
  if (action !== "list" && !all && keys.length === 0)
    throw new WrongUsage(`--${action} which? Name their keys or say --all`);
  return { action, keys, quarantined, yes, stack };
}

/**
 * The failures that are named by their keys, or all of them if none is.
 *
 * @throws WrongUsage if one is named that is not among them.
 */
export function chosen(failures: readonly Failure[], keys: readonly string[]): readonly Failure[] {
  const stranger = keys.find((key) => !failures.some((failure) => failure.key === key));
  if (stranger !== undefined) throw new WrongUsage(`${stranger} was not given up on; npm run redrive lists what was`);
  return keys.length === 0 ? failures : failures.filter(({ key }) => keys.includes(key));
}
