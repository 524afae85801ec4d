import { secondsSince } from "../../handlers/receive/signature.ts";
import { durationOf } from "./duration.ts";

/** How far this machine's clock is from the senders', as the times of genuine signatures show. */
export interface SenderClock {
  /** Notes the times that a signed delivery states (there is one, but for rotations), and when it came. */
  seen(signedAt: readonly Date[], receivedAt: Date): void;
  /** What is wrong, in words for people; `undefined` if nothing is known to be. */
  problem(now: Date): string | undefined;
}

/** A clock that is off less than this loses nothing: a signature may be half an hour off. */
const FAR_SECS = 5 * 60;

/** As many deliveries, one after the other, must say the same. */
const MIN_SENDERS = 3;

/** They say the same if they differ by less. Deliveries that were tried again are late, too, but each by another time. */
const ALIKE_SECS = 60;

/** What a delivery says of the clock holds this long. */
const HOLDS_MS = 60 * 60 * 1000;

interface Seen {
  readonly at: number;
  /** This machine's clock, compared with the sender's. */
  readonly aheadSecs: number;
}

/** Remembers the last deliveries, in this process. */
export function senderClock(): SenderClock {
  let last: readonly Seen[] = [];
  let near = Number.NEGATIVE_INFINITY;
  return {
    seen(signedAt, receivedAt) {
      const at = receivedAt.getTime();
      const aheadSecs = secondsSince(signedAt, receivedAt);
      if (aheadSecs === undefined) return;
      if (Math.abs(aheadSecs) <= FAR_SECS) near = at;
      else last = [...last, { at, aheadSecs }].slice(-MIN_SENDERS);
    },
    problem(now) {
      const since = now.getTime() - HOLDS_MS;
      const recent = last.filter(({ at }) => at >= since);
      if (near >= since || recent.length < MIN_SENDERS) return undefined;
      const all = recent.map(({ aheadSecs }) => aheadSecs);
      const [least, most] = [Math.min(...all), Math.max(...all)];
      if (most - least > ALIKE_SECS) return undefined;
      const off = durationOf(Math.min(...all.map(Math.abs)));
      return `the clock of this machine is ${off} ${least > 0 ? "ahead of" : "behind"} the sender's: set it`;
    },
  };
}
