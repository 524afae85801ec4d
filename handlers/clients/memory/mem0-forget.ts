import type { Clock } from "../clock.ts";
import { ServiceUnavailable } from "../http/service-errors.ts";
import { pauseBefore, type RetryPolicy } from "../retry-policy.ts";

interface ForgetOptions {
  readonly find: () => Promise<readonly string[]>;
  readonly remove: (id: string) => Promise<void>;
  /** How long no memory must be found until none counts as left. */
  readonly settleMs: number;
  readonly clock: Clock;
}

/** The most rounds of finding and deleting; about half a minute with their pauses. */
const ROUNDS = 8;

/** The pauses between two rounds. */
const PAUSES: RetryPolicy = { firstMs: 500, longestMs: 8_000 };

/** How many times an empty list is checked again within `settleMs`. */
const QUIET_CHECKS = 6;

/**
 * Finds and deletes until nothing is found: a list may lag behind a deletion, and an add may still arrive.
 *
 * @throws ServiceUnavailable if memories are left after all rounds. The message has their number.
 */
export async function deleteUntilNoneIsLeft({ find, remove, settleMs, clock }: ForgetOptions): Promise<void> {
  const checksNeeded = settleMs > 0 ? QUIET_CHECKS : 0;
  let quietChecks = 0;
  let rounds = 0;
  for (;;) {
    const found = await find();
    if (found.length > 0) {
      if (rounds === ROUNDS) throw stillThere(found.length);
      if (rounds > 0) await clock.sleep(pauseBefore(rounds - 1, PAUSES));
      for (const id of found) await remove(id);
      rounds += 1;
      quietChecks = 0;
    } else {
      if (quietChecks >= checksNeeded) return;
      await clock.sleep(settleMs / checksNeeded);
      quietChecks += 1;
    }
  }
}

function stillThere(left: number): ServiceUnavailable {
  return new ServiceUnavailable(`Mem0 still lists ${left} of its memories after ${ROUNDS} rounds of deleting`);
}
