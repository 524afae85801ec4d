import { dayAfter, daysBetween } from "../parts/format.ts";
import type { Days } from "./report.ts";

/** The most days that a row of days shows. A table shows all. */
export const MOST_DAYS = 92;

/** The days of a range, or its last ones if it has more than can be seen. */
export function shownDays({ from, to }: Days): readonly string[] {
  const first = dayAfter(to, 1 - MOST_DAYS);
  return daysBetween(first > from ? first : from, to);
}
