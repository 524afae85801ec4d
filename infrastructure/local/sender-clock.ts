import { secondsSince } from "../../handlers/receive/signature.ts";
import { durationOf } from "./duration.ts";

/** Compares this machine's clock with the senders' clocks, by the times of genuine signatures. */
export interface SenderClock {
  /** Records the times in a signed delivery's header (usually one) and the time of its arrival. */
  seen(signedAt: readonly Date[], receivedAt: Date): void;
  /** Returns a sentence about the problem, or `undefined` if no problem is known. */
  problem(now: Date): string | undefined;
}

/** A smaller difference loses nothing: a signature may be half an hour off. */
const FAR_SECS = 5 * 60;

/** This number of consecutive deliveries must agree. */
const MIN_SENDERS = 3;

/** Deliveries agree if they differ by less. Retried deliveries are late, too, but each by a different time. */
const ALIKE_SECS = 60;

/** How long a delivery counts. */
const HOLDS_MS = 60 * 60 * 1000;

interface Seen {
  readonly at: number;
  /** How far this machine's clock is ahead of the sender's. */
  readonly aheadSecs: number;
}

/** Returns a `SenderClock` that keeps the last deliveries in memory. */
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
