import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Clock } from "../../handlers/clients/clock.ts";

export interface VirtualClock extends Clock {
  /** Every sleep so far, in milliseconds. */
  readonly slept: readonly number[];
}

/** A clock on which only sleeping takes time, and none of ours. */
export function virtualClock(start = new Date()): VirtualClock {
  const slept: number[] = [];
  let now = start.getTime();
  return {
    slept,
    now: () => new Date(now),
    async sleep(ms) {
      slept.push(ms);
      now += ms;
      await yieldToOthers();
    },
  };
}
