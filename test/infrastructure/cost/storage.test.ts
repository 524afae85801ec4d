import { expect, test } from "vitest";
import { PRICES } from "../../../infrastructure/cost/prices.ts";
import { type StoredObjects, storageCharges } from "../../../infrastructure/cost/storage.ts";

const MEGABYTES = 4e6;

/** A gigabyte a month in objects of 4 MB. */
const objects = (changes: Partial<StoredObjects> = {}): StoredObjects => ({
  monthly: 250,
  bytes: MEGABYTES,
  moves: [],
  ...changes,
});

/** The quantity of each price in a month. */
function quantities(of: StoredObjects, month: number): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { price, quantity } of storageCharges(of, month)) sums[price] = (sums[price] ?? 0) + quantity;
  return Object.fromEntries(Object.entries(sums).map(([price, sum]) => [price, Number(sum.toFixed(6))]));
}

const TWO_MOVES = [
  { days: 30, to: "STANDARD_IA" },
  { days: 90, to: "GLACIER" },
] as const;

test("a month pays for the objects of all months before", () => {
  expect(quantities(objects(), 1)).toEqual({ standard: 1 });
  expect(quantities(objects(), 12)).toEqual({ standard: 12 });
});

test("each month's objects are in the class of their age, and moves count in the month in which they happen", () => {
  const moved = objects({ moves: TWO_MOVES });
  expect(quantities(moved, 1)).toEqual({ standard: 1 });
  expect(quantities(moved, 3)).toEqual({ standard: 1, standardIa: 2, moveToStandardIa: 250 });
  expect(quantities(moved, 4)).toMatchObject({ standardIa: 2, moveToStandardIa: 250, moveToGlacier: 250 });
});

test("an object in GLACIER has 32 kB more there, and 8 kB more in STANDARD", () => {
  const { standard, glacier } = quantities(objects({ moves: TWO_MOVES }), 12);
  expect(glacier).toBeCloseTo(9 + (9 * 250 * 32 * 1024) / 1e9);
  expect(standard).toBeCloseTo(1 + (9 * 250 * 8 * 1024) / 1e9);
});

test("a move in the middle of a month divides its days between both classes", () => {
  const moved = objects({ moves: [{ days: 3, to: "GLACIER_IR" }] });
  expect(quantities(moved, 1)).toEqual({ standard: 0.1, glacierIr: 0.9, moveToGlacierIr: 250 });
  expect(quantities(moved, 2)).toEqual({ standard: 0.1, glacierIr: 1.9, moveToGlacierIr: 250 });
});

test.each([
  [128 * 1024 - 1, {}],
  [128 * 1024, { moveToStandardIa: 250 }],
])("objects of %i bytes are moved only from 128 kB on", (bytes, moves) => {
  const { moveToStandardIa } = quantities(objects({ bytes, moves: TWO_MOVES }), 2);
  expect({ ...(moveToStandardIa && { moveToStandardIa }) }).toEqual(moves);
});

test("a small object in GLACIER_IR is billed as 128 kB", () => {
  const { glacierIr } = quantities(objects({ monthly: 1e6, bytes: 1_000, putInto: "GLACIER_IR" }), 1);
  expect(glacierIr).toBeCloseTo((1e6 * 128 * 1024) / 1e9);
});

test("an object that leaves a class early pays for the rest of its least time", () => {
  const deleted = objects({ putInto: "GLACIER_IR", expiresAfterDays: 30 });
  expect(quantities(deleted, 1)).toEqual({ glacierIr: 3 });
  expect(quantities({ ...deleted, expiresAfterDays: 90 }, 3)).toEqual({ glacierIr: 3 });
});

test("storage stops growing when objects are deleted", () => {
  expect(quantities(objects({ expiresAfterDays: 90 }), 12)).toEqual({ standard: 3 });
  expect(quantities(objects({ expiresAfterDays: 15 }), 12)).toEqual({ standard: 0.5 });
});

test("a move after the deletion never happens", () => {
  expect(quantities(objects({ moves: TWO_MOVES, expiresAfterDays: 90 }), 12)).not.toHaveProperty("moveToGlacier");
});

test("each price has a source, and an amount in dollars", () => {
  for (const { usd, sources } of Object.values(PRICES)) {
    expect(usd).toBeGreaterThanOrEqual(0);
    expect(sources.length).toBeGreaterThan(0);
  }
});
