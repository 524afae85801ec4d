import type { Clock } from "../../../handlers/clients/clock.ts";

/** Objects a second on a stack: enough to be done in hours, few enough for the functions and the memory service. */
export const STACK_RATE = 50;

/** Resolves when it is the asker's turn: at most `perSecond` times a second, whoever asks. */
export function pace(perSecond: number, clock: Clock): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = clock.now().getTime();
    const turn = Math.max(now, next);
    next = turn + 1_000 / perSecond;
    if (turn > now) await clock.sleep(turn - now);
  };
}
