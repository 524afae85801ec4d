import type { Random } from "./random.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const SPREAD_MS = 7 * DAY_MS;

/** The hours in UTC of most calls. */
const BUSY = { from: 7, until: 21 };

/** Times of `count` calls in the week before `until`, in order, mostly by day. The last one is `until`. */
export function callTimes(count: number, until: Date, random: Random): Date[] {
  if (count === 0) return [];
  const earlier = Array.from({ length: count - 1 }, () => earlierTime(until, random));
  return [...earlier, until].toSorted((one, other) => one.getTime() - other.getTime());
}

function earlierTime(until: Date, random: Random): Date {
  const time = new Date(until.getTime() - random.integer(0, SPREAD_MS));
  const hour = time.getUTCHours();
  const isBusy = hour >= BUSY.from && hour < BUSY.until;
  return isBusy || random.chance(0.1) ? time : earlierTime(until, random);
}
