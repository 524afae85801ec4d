import { Option, type OptionValues } from "@commander-js/extra-typings";
import { statedFolder } from "../../../handlers/call/caller.ts";
import { isUtcDate } from "../../../queries/tables/utc-date.ts";
import { WrongUsage } from "./wrong-usage.ts";

// The options that more than one command takes. Each means the same in every command.

/** The archive on AWS. */
export const STACK = new Option(
  "--stack <name>",
  "the archive that is deployed as this stack, instead of the one in ARCHIVE_DIR (default .archive)",
);

/** The first day of a range. */
export const FROM = new Option(
  "--from <date>",
  "only calls that began on this UTC date, YYYY-MM-DD, or later",
).argParser(dateOf("--from"));

/** The last day of a range. */
export const TO = new Option("--to <date>", "only calls that began on this UTC date or earlier").argParser(
  dateOf("--to"),
);

export const CONVERSATION = new Option("--conversation <id>", "only this conversation");

/** Its value is the name of the caller's folder. */
export const CALLER = new Option(
  "--caller <caller>",
  "only this caller: a phone number (+16125550100) or a folder name (user-anna, anonymous)",
).argParser(statedFolder);

export const AGENT = new Option("--agent <id>", "only calls of this agent");

export const YES = new Option("--yes", "skips the confirmation; required if there is no terminal to ask on").default(
  false,
);

export const DRY_RUN = new Option("--dry-run", "prints what would be done, and changes nothing").default(false);

export const AGAIN = new Option(
  "--again",
  "starts from the beginning instead of continuing where the same command stopped",
).default(false);

/** The reason for a change. It is recorded. */
export const REASON = new Option(
  "--reason <words>",
  "the reason; it is recorded, so do not write a person's name in it",
);

/** The address of an archive. */
export function address(description: string) {
  return new Option("--url <address>", description).argParser((word) => {
    if (!/^https?:/.test(word) || !URL.canParse(word))
      throw new WrongUsage(`--url ${word} is not an address: write it as http://127.0.0.1:8787`);
    return new URL(word);
  });
}

/** The output format. The first of `formats` is the default. */
export function format<const F extends string>(formats: readonly [F, ...F[]]) {
  const [first] = formats;
  return new Option(`--format <${formats.join("|")}>`, "the output format")
    .argParser((word: string): F => {
      const known = formats.find((each) => each === word);
      if (known === undefined) throw new WrongUsage(`There is no format "${word}". Use one of: ${formats.join(", ")}.`);
      return known;
    })
    .default(first);
}

/** A rate per second. */
export function rate(description: string, what = "a whole number of 1 or more") {
  return new Option("--rate <n>", description).argParser(wholeNumber("--rate", `${what}: write it as 50`));
}

/** Returns a parser for the value of an option that takes a UTC date. */
export function dateOf(option: string): (word: string) => string {
  return (word) => {
    if (!isUtcDate(word)) throw new WrongUsage(`${option} ${word} is not a date: write it as 2026-11-30`);
    return word;
  };
}

/** @throws WrongUsage if the range of days ends before it begins. */
export function checkRange({ from, to }: OptionValues): void {
  if (typeof from === "string" && typeof to === "string" && from > to)
    throw new WrongUsage(`--from ${from} is after --to ${to}`);
}

/** Returns a parser for the value of an option that takes a number of 1 or more. */
export function wholeNumber(option: string, what = "a whole number of 1 or more"): (word: string) => number {
  return (word) => {
    if (!/^[1-9]\d{0,6}$/.test(word)) throw new WrongUsage(`${option} ${word} is not ${what}`);
    return Number(word);
  };
}
