import { MONTH_DAYS } from "./cost-input.ts";
import type { Move, StorageClass } from "./deployment.ts";
import type { PriceName } from "./prices.ts";

/** An amount of something that has a price. */
export interface Charge {
  readonly price: PriceName;
  readonly quantity: number;
}

/** Objects of one kind, of which the same number is stored every month. */
export interface StoredObjects {
  /** How many are stored each month. */
  readonly monthly: number;
  readonly bytes: number;
  /** The class of new objects; STANDARD if it is not set. */
  readonly putInto?: StorageClass;
  readonly moves: readonly Move[];
  /** After how many days they are deleted; never if it is not set. */
  readonly expiresAfterDays?: number;
}

/** A gigabyte of S3, as objectfs counts it. AWS's examples count 2^30: then storage costs 7 % less. */
export const GIGABYTE = 1e9;

/** S3 moves no smaller object unless a rule states so (docs.aws.amazon.com, S3 lifecycle transitions, 2026-11). */
const LEAST_MOVED_BYTES = 128 * 1024;

/** The least billed bytes of an object in a class (docs.aws.amazon.com, S3 storage classes, 2026-11). */
const LEAST_BYTES: Readonly<Record<StorageClass, number>> = {
  STANDARD: 0,
  STANDARD_IA: 128 * 1024,
  GLACIER_IR: 128 * 1024,
  GLACIER: 0,
};

/** The least billed days in a class (docs.aws.amazon.com, S3 storage classes, 2026-11). */
const LEAST_DAYS: Readonly<Record<StorageClass, number>> = {
  STANDARD: 0,
  STANDARD_IA: 30,
  GLACIER_IR: 90,
  GLACIER: 90,
};

/** What S3 adds to each object in GLACIER: an index of 32 kB there, and names of 8 kB in STANDARD. */
const GLACIER_OVERHEAD = { glacier: 32 * 1024, standard: 8 * 1024 };

const STORAGE_PRICE = {
  STANDARD: "standard",
  STANDARD_IA: "standardIa",
  GLACIER_IR: "glacierIr",
  GLACIER: "glacier",
} as const satisfies Record<StorageClass, PriceName>;

const MOVE_PRICE = {
  STANDARD_IA: "moveToStandardIa",
  GLACIER_IR: "moveToGlacierIr",
  GLACIER: "moveToGlacier",
} as const;

/**
 * What the objects cost in month `month`, the first being 1: the objects of all months until then, each in the class of
 * its age, and the moves of this month. Objects count from the first day of their month.
 *
 * Time in a class that is billed though an object left it early is charged in the month in which it leaves.
 */
export function storageCharges(objects: StoredObjects, month: number): Charge[] {
  const cohorts = Array.from({ length: month }, (_, age) => cohortCharges(objects, MONTH_DAYS * age));
  return cohorts.flat();
}

/** What the objects of one month cost during the 30 days that begin `from` days after they were stored. */
function cohortCharges(objects: StoredObjects, from: number): Charge[] {
  const { monthly, expiresAfterDays = Number.POSITIVE_INFINITY } = objects;
  const charges: Charge[] = [];
  for (const { storage, begins, ends } of stays(objects)) {
    const until = Math.min(ends, expiresAfterDays);
    const days = Math.min(until, from + MONTH_DAYS) - Math.max(begins, from);
    if (days > 0) charges.push(...stored(storage, objects, days));
    const isMovedNow = begins > 0 && begins >= from && begins < from + MONTH_DAYS && begins < expiresAfterDays;
    if (isMovedNow && storage !== "STANDARD") charges.push({ price: MOVE_PRICE[storage], quantity: monthly });
    const leavesNow = until > begins && until > from && until <= from + MONTH_DAYS;
    const unusedDays = LEAST_DAYS[storage] - (until - begins);
    if (leavesNow && unusedDays > 0) charges.push(...stored(storage, objects, unusedDays));
  }
  return charges;
}

/** The classes that an object is in, with the days since it was stored. */
function stays({ putInto = "STANDARD", moves, bytes }: StoredObjects) {
  const counted = bytes < LEAST_MOVED_BYTES ? [] : moves.toSorted((one, other) => one.days - other.days);
  const all = [{ days: 0, to: putInto }, ...counted];
  return all.map(({ days, to }, place) => ({
    storage: to,
    begins: days,
    ends: all[place + 1]?.days ?? Number.POSITIVE_INFINITY,
  }));
}

function stored(storage: StorageClass, { monthly, bytes }: StoredObjects, days: number): Charge[] {
  const share = (monthly * days) / (MONTH_DAYS * GIGABYTE);
  const own = { price: STORAGE_PRICE[storage], quantity: share * Math.max(bytes, LEAST_BYTES[storage]) };
  if (storage !== "GLACIER") return [own];
  return [
    own,
    { price: "glacier", quantity: share * GLACIER_OVERHEAD.glacier },
    { price: "standard", quantity: share * GLACIER_OVERHEAD.standard },
  ];
}
