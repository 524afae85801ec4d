import type { Clock } from "../../../handlers/clients/clock.ts";

/** The default objects per second on a stack. The functions and the memory service can keep up with it. */
export const STACK_RATE = 50;

/** Returns a function that resolves at most `perSecond` times a second, over all its calls. */
export function pace(perSecond: number, clock: Clock): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = clock.now().getTime();
    const turn = Math.max(now, next);
    next = turn + 1_000 / perSecond;
    if (turn > now) await clock.sleep(turn - now);
  };
}
