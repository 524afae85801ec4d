import { FIRST_DAY } from "../../queries/tables/table.ts";
import { isUtcDate, utcDate } from "../../queries/tables/utc-date.ts";
import { Problem } from "./problem.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 30;

/** Days, both included, as `YYYY-MM-DD` in UTC. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/**
 * The requested range. By default it ends today and begins 30 days before its end.
 *
 * @throws {Problem} if a day is not a date, or if the range ends before it begins.
 */
export function rangeOf(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: Date,
): Range {
  for (const [name, day] of Object.entries({ from: asked.from, to: asked.to })) {
    if (day !== undefined && !isUtcDate(day))
      throw new Problem(400, "Not a date", `${name} must be a UTC date as YYYY-MM-DD, and not ${shortened(day)}.`);
  }
  const to = asked.to ?? later(utcDate(now), asked.from);
  const from = asked.from ?? later(daysBefore(to, DEFAULT_DAYS), FIRST_DAY);
  if (from > to)
    throw new Problem(
      400,
      "Impossible range",
      `The range begins on ${from}, after its end ${to}: exchange from and to.`,
    );
  return { from, to };
}

/** The range with as many days that ends the day before `range` begins. */
export function rangeBefore({ from, to }: Range): Range {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
  const last = daysBefore(from, 1);
  return { from: daysBefore(last, days), to: last };
}

/** The day `days` days before `day`. The first day of the calendar is the least. */
export function daysBefore(day: string, days: number): string {
  return utcDate(new Date(Math.max(Date.parse(day) - days * DAY_MS, Date.parse("0001-01-01"))));
}

/** A text from a request, for a message: short, and quoted. */
export function shortened(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function later(one: string, other: string | undefined): string {
  return other !== undefined && other > one ? other : one;
}
