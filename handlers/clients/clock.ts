import { setTimeout as wait } from "node:timers/promises";

/** The time, and a way to wait. Tests bring their own clock, so that none of them waits. */
export interface Clock {
  now(): Date;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms) => wait(ms),
};

/** How many seconds the clock of an HTTP `Date` header is ahead of ours; `null` if `date` is not a date. */
export function secondsAhead(date: string | null, now: Date): number | null {
  const ahead = (Date.parse(date ?? "") - now.getTime()) / 1000;
  return Number.isNaN(ahead) ? null : ahead;
}
