import { isMoment, isText, objectOf } from "../call/shape.ts";

/** Until when somebody works on something. Stored with what it protects, and written on condition with it. */
export interface Lease {
  readonly holder: string;
  readonly until: string;
}

/** Whether a value that was read is a lease. */
export const isLease = objectOf<Lease>({ holder: isText, until: isMoment });

/** Another process works on it. Try again when its lease has run out at the latest. */
export class LeaseHeld extends Error {
  override readonly name = "LeaseHeld";

  /** `lease` is absent where another process took it after it was read: who did is not known. */
  constructor(subject: string, lease: Lease | undefined, now: Date, options?: ErrorOptions) {
    super(`${subject} is leased by ${lease ? untilWhen(lease, now) : "another process since this moment"}`, options);
  }
}

function untilWhen({ holder, until }: Lease, now: Date): string {
  const end = new Date(until);
  const left = Math.ceil((end.getTime() - now.getTime()) / 1000);
  return `${holder} until ${end.toISOString().slice(11, 19)} UTC (${left} s left)`;
}

/** How a process takes leases. */
export interface LeaseOptions {
  /** Names this process among all others. */
  readonly holder: string;
  /** How long it may work, in seconds: the longest that a run can take, and a margin. */
  readonly seconds: number;
  /** True where no other process can be at work: a lease that is found is that of one that died. */
  readonly isExclusive: boolean;
}

/**
 * The lease that may follow `current`, which one that died may have left.
 *
 * @throws LeaseHeld if `current` has not run out.
 */
export function nextLease(
  current: Lease | undefined,
  subject: string,
  { holder, seconds, isExclusive }: LeaseOptions,
  now: Date,
): Lease {
  if (current && !isExclusive && new Date(current.until) > now) throw new LeaseHeld(subject, current, now);
  return { holder, until: new Date(now.getTime() + seconds * 1000).toISOString() };
}
