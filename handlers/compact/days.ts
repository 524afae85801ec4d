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

/** When the UTC hour `hour`, `YYYY-MM-DD/HH`, or the UTC date ends. */
function endOfHour(hour: string): Date {
  const [day = "", ofDay] = hour.split("/");
  return ofDay === undefined ? endOf(day) : new Date(Date.parse(`${day}T${ofDay}:00:00Z`) + HOUR_MS);
}

/**
 * The number of calls in the finished hours of a day, those of its packs not counted, from which they are packed. Fewer
 * are read fast enough.
 */
export const PACKED_FROM_CALLS = 500;

/** How many minutes after its end an hour may be packed. */
export const PACK_AFTER_MINUTES = 15;

/**
 * How many minutes after its end a change of an hour gets a dirty marker. The difference is for clocks that differ, and
 * for the time between the decision that there is no marker and the end of the write before it.
 */
const MARKER_AFTER_MINUTES = 10;

const MINUTE_MS = 60 * 1000;

/** When an hour may be packed. */
export function packableFrom(hour: string): Date {
  return new Date(endOfHour(hour).getTime() + PACK_AFTER_MINUTES * MINUTE_MS);
}

/** From when on a change of the rows of an hour, or of a day, gets a dirty marker. */
export function markedFrom(hour: string): Date {
  return new Date(endOfHour(hour).getTime() + MARKER_AFTER_MINUTES * MINUTE_MS);
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
