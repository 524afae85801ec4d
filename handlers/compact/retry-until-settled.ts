import type { Clock } from "../clients/clock.ts";
import { pauseBefore, type RetryPolicy, withRetries } from "../clients/retry-policy.ts";

/** How long new rights and tables may take to reach every server of AWS, in milliseconds. */
const SETTLES_WITHIN_MS = 150_000;

const PAUSES: RetryPolicy = { firstMs: 2_000, longestMs: 20_000 };

/**
 * Runs `task`, and runs it again while it fails, for two and a half minutes.
 *
 * A deployment creates a role, a database and tables, and uses them seconds later. IAM and Glue are eventually
 * consistent: until they settle, they answer that the right or the table does not exist (docs.aws.amazon.com, IAM
 * troubleshooting, 2026-11). `task` may run any number of times.
 *
 * @throws the last error of `task`.
 */
export async function retryUntilSettled(task: () => Promise<void>, clock: Clock): Promise<void> {
  const until = clock.now().getTime() + SETTLES_WITHIN_MS;
  const pauseAfter = (_error: unknown, retry: number) => {
    const pause = pauseBefore(retry, PAUSES);
    return clock.now().getTime() + pause > until ? undefined : pause;
  };
  return withRetries(task, { clock, pauseAfter });
}
