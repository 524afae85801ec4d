import { setTimeout as pass } from "node:timers/promises";

/** The time, and a way to let some of it pass. Tests bring their own, so that none of them waits. */
export interface Clock {
  now(): Date;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms) => pass(ms),
};

/** How far a clock that shows `date`, a header of HTTP, is ahead of ours, in seconds; `null` if it is no date. */
export function secondsAhead(date: string | null, now: Date): number | null {
  const ahead = (Date.parse(date ?? "") - now.getTime()) / 1000;
  return Number.isNaN(ahead) ? null : ahead;
}
