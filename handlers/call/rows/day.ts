import { FIRST_DAY } from "../../../queries/tables/table.ts";
import { utcDate } from "../../../queries/tables/utc-date.ts";
import type { KnownEvent } from "../event.ts";
import { eventTimestamp } from "../event-fields.ts";
import { at, number } from "../json.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The moment that gives the rows of a call their day and hour: its start, else the event, else its receipt.
 *
 * A time before the first day of the tables, or more than a day after receipt, is skipped: each row must be inside the
 * dates of the tables' partition projection.
 */
export function momentOf({ body }: KnownEvent, receivedAt: Date): Date {
  const stated = [at(body.value, "data", "metadata", "start_time_unix_secs"), eventTimestamp(body)];
  const times = stated.map(time).filter((each) => each !== null);
  const isPlausible = (each: Date) => utcDate(each) >= FIRST_DAY && each.getTime() <= receivedAt.getTime() + DAY_MS;
  return times.find(isPlausible) ?? receivedAt;
}

/** Seconds since 1970 as a time; `null` if they are not a positive number, or too late for Parquet readers. */
export function time(unixSeconds: unknown): Date | null {
  const milliseconds = Math.round(1000 * (number(unixSeconds) ?? 0));
  return milliseconds > 0 && milliseconds < END_OF_TIME_MS ? new Date(milliseconds) : null;
}

/** The end of the year 9999, the last that Parquet readers support. */
const END_OF_TIME_MS = 253_402_300_800_000;
