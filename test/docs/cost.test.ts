import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withSections } from "../../infrastructure/cost/cost-page.ts";
import { costSections, sums } from "../../infrastructure/cost/cost-sections.ts";
import { monthlySum } from "../../infrastructure/cost/monthly-cost.ts";
import { COST_INPUT } from "../infrastructure/cost/cost-input.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The most that a month may cost with default settings at list prices, in US dollars, without any free tier. */
const LIMITS = [
  { calls: 1_000, month: 12, usd: 1 },
  { calls: 1_000_000, month: 12, usd: 310 },
] as const;

test.each([
  ["docs/cost.md", costSections(COST_INPUT)],
  ["README.md", { cost: sums(COST_INPUT) }],
])("%s has the computed cost: `npm run cost` writes it", async (page, sections) => {
  const text = await readFile(join(ROOT, page), "utf8");
  expect(text).toBe(withSections(text, sections));
});

test.each(LIMITS)("$calls calls cost at most $usd dollars in month $month", ({ calls, month, usd }) => {
  expect(monthlySum(COST_INPUT, calls, month).usd).toBeLessThanOrEqual(usd);
});

test("a page without one of the sections is an error, not a page without its numbers", () => {
  expect(() => withSections("# Cost\n", { sums: "" })).toThrow("the page has no section sums");
});
