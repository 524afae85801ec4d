import { expect, test } from "vitest";
import { extentText, stackEstimate } from "../../../../infrastructure/commands/reprocess/estimate.ts";
import { reprocessPrice } from "../../../../infrastructure/commands/reprocess/reprocess-price.ts";

test.each([
  [{ objects: 0, bytes: 0 }, "0 objects, 0 bytes"],
  [{ objects: 1, bytes: 999 }, "1 object, 999 bytes"],
  [{ objects: 12_345, bytes: 1_234_567_890 }, "12,345 objects, 1.2 GB"],
])("%j is formatted as %j", (extent, expected) => {
  expect(extentText(extent)).toBe(expected);
});

test("a million calls cost about as much as requests, functions and queue in docs/cost.md", () => {
  // Puts $55.00, gets $2.80 and one more each, functions $20.20, queue $1.20.
  expect(reprocessPrice(1e6, 0, ["audio", "rows", "memory"]).usd).toBeCloseTo(55 + 2.8 + 0.4 + 20.2 + 1.2, 1);
});

test("a stack's estimate has cost, memories and time", () => {
  expect(stackEstimate({ objects: 100_000, bytes: 7e9 }, 50, undefined, true)).toBe(`\
AWS: about $7.96, and $0.16 a month for the versions that the copies replace
  (list prices of us-east-1, 2026-11, as in docs/cost.md)
Mem0: up to 200,000 memories are added; mem0.ai/pricing lists what a plan includes
Time: 34 min at 50 a second, if the processor keeps up`);
});

test("Mem0 is not mentioned if no memories are added", () => {
  const [extent, rate] = [{ objects: 10, bytes: 1_000 }, 50];
  expect(stackEstimate(extent, rate, ["rows"], true)).not.toContain("Mem0");
  expect(stackEstimate(extent, rate, undefined, false)).not.toContain("Mem0");
  expect(stackEstimate(extent, rate, ["memory"], true)).toContain("Mem0: up to 20 memories");
});
