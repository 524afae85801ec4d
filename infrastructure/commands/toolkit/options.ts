import { Option } from "@commander-js/extra-typings";
import { isUtcDate } from "../../../queries/tables/utc-date.ts";
import { WrongUsage } from "./wrong-usage.ts";

// Every option that more than one command takes. What one means, it means everywhere.

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

/** Read as the folder that is meant. */
export const CALLER = new Option(
  "--caller <caller>",
  "only this caller: a number (+16125550100), or a folder's name (user-anna, anonymous)",
).argParser(callerFolder);

export const AGENT = new Option("--agent <id>", "only calls of this agent");

export const YES = new Option("--yes", "does not ask; needed where nobody can be asked").default(false);

export const DRY_RUN = new Option("--dry-run", "only says what would be done").default(false);

export const AGAIN = new Option(
  "--again",
  "begins anew instead of going on where the same command was stopped",
).default(false);

/** Why something is done, which is recorded. */
export const REASON = new Option("--reason <words>", "why; it is recorded, so name nobody in it");

/** Where an archive listens. */
export function address(description: string) {
  return new Option("--url <address>", description).argParser((word) => {
    if (!/^https?:/.test(word) || !URL.canParse(word))
      throw new WrongUsage(`--url ${word} is not an address: write it as http://127.0.0.1:8787`);
    return new URL(word);
  });
}

/** How the answer is written, the first of `formats` unless it is said. */
export function format<const F extends string>(formats: readonly [F, ...F[]]) {
  const [first] = formats;
  return new Option(`--format <${formats.join("|")}>`, "how the answer is written")
    .argParser((word: string): F => {
      const known = formats.find((each) => each === word);
      if (known === undefined)
        throw new WrongUsage(`There is no format "${word}": it is one of ${formats.join(", ")}.`);
      return known;
    })
    .default(first);
}

/** How many a second. */
export function rate(description: string, what = "a whole number from 1 on") {
  return new Option("--rate <n>", description).argParser(wholeNumber("--rate", `${what}: write it as 50`));
}

/** Reads the value of an option that takes a UTC date. */
export function dateOf(option: string): (word: string) => string {
  return (word) => {
    if (!isUtcDate(word)) throw new WrongUsage(`${option} ${word} is not a date: write it as 2026-11-30`);
    return word;
  };
}

/** Reads the value of an option that takes a number, which is 1 or greater. */
export function wholeNumber(option: string, what = "a whole number from 1 on"): (word: string) => number {
  return (word) => {
    if (!/^[1-9]\d{0,6}$/.test(word)) throw new WrongUsage(`${option} ${word} is not ${what}`);
    return Number(word);
  };
}

/** The caller's folder that a person means: a folder's name, or the digits of a number that begins with a plus. */
function callerFolder(words: string): string {
  const trimmed = words.trim();
  return trimmed.startsWith("+") ? trimmed.replace(/\D/g, "") : trimmed;
}
