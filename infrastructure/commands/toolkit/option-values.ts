import { isUtcDate } from "../../../queries/tables/utc-date.ts";
import { WrongUsage } from "./wrong-usage.ts";

/**
 * Checks the values of options that take a UTC date.
 *
 * @throws WrongUsage if one is no date.
 */
export function checkDays(days: Readonly<Record<string, string | undefined>>): void {
  for (const [name, day] of Object.entries(days)) {
    if (day !== undefined && !isUtcDate(day))
      throw new WrongUsage(`--${name} ${day} is not a date: write it as 2026-11-30`);
  }
}

/** The caller's folder that a person means: a folder's name, or the digits of a number that begins with a plus. */
export function callerFolder(words: string | undefined): string | undefined {
  return words?.startsWith("+") ? words.replace(/\D/g, "") : words;
}
