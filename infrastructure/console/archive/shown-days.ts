import { dayAfter } from "../parts/format.ts";
import type { Days } from "./report.ts";

/** The most days that a row of days shows. A table shows all. */
export const MOST_DAYS = 92;

/** The days of a range, or its last ones if it has more than can be seen. */
export function shownDays({ from, to }: Days): readonly string[] {
  const days: string[] = [];
  for (let day = to; day >= from && days.length < MOST_DAYS; day = dayAfter(day, -1)) days.push(day);
  return days.toReversed();
}
