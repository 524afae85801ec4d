import { isMoment, isText, objectOf } from "../call/shape.ts";

/**
 * The process that works on something, and until when. Stored with what it protects, and written conditionally with it.
 */
export interface Lease {
  readonly holder: string;
  readonly until: string;
}

/** Whether a value that was read is a lease. */
export const isLease = objectOf<Lease>({ holder: isText, until: isMoment });

/** Another process holds the lease. Try again when it has expired. */
export class LeaseHeld extends Error {
  override readonly name = "LeaseHeld";

  /** `lease` is absent if another process took it after it was read: its holder is not known. */
  constructor(subject: string, lease: Lease | undefined, now: Date, options?: ErrorOptions) {
    super(`${subject} is leased by ${lease ? holderAndEnd(lease, now) : "another process since this moment"}`, options);
  }
}

function holderAndEnd({ holder, until }: Lease, now: Date): string {
  const end = new Date(until);
  const left = Math.ceil((end.getTime() - now.getTime()) / 1000);
  return `${holder} until ${end.toISOString().slice(11, 19)} UTC (${left} s left)`;
}

/** How a process takes leases. */
export interface LeaseOptions {
  /** Identifies this process among all others. */
  readonly holder: string;
  /** How long the lease lasts, in seconds: the longest possible run, and a margin. */
  readonly seconds: number;
  /** True if no other process can be at work: then an existing lease is that of a process that died. */
  readonly isExclusive: boolean;
}

/**
 * The lease after `current`, which a process that died may have left.
 *
 * @throws LeaseHeld if `current` has not expired.
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
