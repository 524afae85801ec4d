import type { Clock } from "../clock.ts";
import { ServiceUnavailable } from "../http/service-errors.ts";
import { pauseBefore, type RetryPolicy } from "../retry-policy.ts";

interface ForgetOptions {
  readonly find: () => Promise<readonly string[]>;
  readonly remove: (id: string) => Promise<void>;
  /** For how long nothing must be found before none is believed to be left. */
  readonly settleMs: number;
  readonly clock: Clock;
}

/** How often something may be found and deleted before we give up; with the pauses between, half a minute of it. */
const ROUNDS = 8;

/** Between two rounds of deleting. */
const PAUSES: RetryPolicy = { firstMs: 500, longestMs: 8_000 };

/** Into how many looks the time to settle is divided. */
const QUIET_LOOKS = 6;

/**
 * Finds and deletes until nothing is found: a list may lag behind a deletion, and an add may still arrive.
 *
 * @throws ServiceUnavailable when there is always more, saying how much.
 */
export async function deleteUntilNoneIsLeft({ find, remove, settleMs, clock }: ForgetOptions): Promise<void> {
  const looksNeeded = settleMs > 0 ? QUIET_LOOKS : 0;
  let quietLooks = 0;
  let rounds = 0;
  for (;;) {
    const found = await find();
    if (found.length > 0) {
      if (rounds === ROUNDS) throw stillThere(found.length);
      if (rounds > 0) await clock.sleep(pauseBefore(rounds - 1, PAUSES));
      for (const id of found) await remove(id);
      rounds += 1;
      quietLooks = 0;
    } else {
      if (quietLooks >= looksNeeded) return;
      await clock.sleep(settleMs / looksNeeded);
      quietLooks += 1;
    }
  }
}

function stillThere(left: number): ServiceUnavailable {
  return new ServiceUnavailable(`Mem0 still shows ${left} of its memories after ${ROUNDS} rounds of deleting`);
}
