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
