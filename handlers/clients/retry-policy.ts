import type { Clock } from "./clock.ts";

/** The pauses between attempts at what failed, or is not done yet. */
export interface RetryPolicy {
  /** The pause before the first retry, in milliseconds. Each later one is twice as long. */
  readonly firstMs: number;
  /** No pause is longer than this. */
  readonly longestMs: number;
}

/** The pause before retry number `retry`, in milliseconds. The first has the number 0. */
export function pauseBefore(retry: number, { firstMs, longestMs }: RetryPolicy): number {
  return Math.min(firstMs * 2 ** retry, longestMs);
}

/** When a failed task is retried. */
export interface RetryOptions {
  readonly clock: Pick<Clock, "sleep">;
  /** The pause after `error` before retry number `retry`, from 0; `undefined` for no further retry. */
  readonly pauseAfter: (error: unknown, retry: number) => number | undefined;
}

/**
 * Runs `task`, and runs it again while it fails and `pauseAfter` returns a pause.
 *
 * @throws the last error of `task`.
 */
export async function withRetries<Result>(
  task: () => Promise<Result>,
  { clock, pauseAfter }: RetryOptions,
): Promise<Result> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await task();
    } catch (error) {
      const pause = pauseAfter(error, retry);
      if (pause === undefined) throw error;
      await clock.sleep(pause);
    }
  }
}
