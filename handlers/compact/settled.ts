import type { Clock } from "../clients/clock.ts";

/** How long new rights and tables may take until every server of AWS knows them, in milliseconds. */
const SETTLES_WITHIN_MS = 150_000;

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Does `task`, again and again while it fails, for two and a half minutes.
 *
 * A deployment makes a role, a database and tables, and uses them seconds later. IAM and Glue are eventually
 * consistent: until they settle, they answer that the right or the table does not exist (docs.aws.amazon.com, IAM
 * troubleshooting, 2026-11). `task` may run any number of times.
 *
 * @throws what `task` threw last.
 */
export async function onceSettled(task: () => Promise<void>, clock: Clock): Promise<void> {
  const until = clock.now().getTime() + SETTLES_WITHIN_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await task();
    } catch (error) {
      if (clock.now().getTime() + pause > until) throw error;
      await clock.sleep(pause);
    }
  }
}
