import { utcDate } from "../../queries/tables/utc-date.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** How many hours after its end a day is closed by default. Late calls have arrived by then. */
export const CLOSE_AFTER_HOURS = 3;

/** How many hours after it may be closed an open day is late. */
export const LATE_HOURS = 3;

/** When the UTC date `day`, `YYYY-MM-DD`, ends. */
export function endOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS);
}

/** The UTC date after `day`. */
export function dayAfter(day: string): string {
  return utcDate(endOf(day));
}

/** When `day` may be closed: `hoursAfterEnd` hours after its end. */
export function closableFrom(day: string, hoursAfterEnd: number): Date {
  return new Date(endOf(day).getTime() + hoursAfterEnd * HOUR_MS);
}

/** The last UTC date that may be closed at `now`. */
export function lastClosableDay(now: Date, hoursAfterEnd: number): string {
  return utcDate(new Date(now.getTime() - hoursAfterEnd * HOUR_MS - DAY_MS));
}
