import { expect, test } from "vitest";
import { MOST_CHARACTERS } from "../../../../handlers/read/mcp/fit.ts";
import { pageSection } from "../../../../handlers/read/mcp/page.ts";

/** Reads pages of ten rows of this length, and records the limits. */
async function sectionOf(length: number, limit: number) {
  const limits: number[] = [];
  const read = async (wanted: number) => {
    limits.push(wanted);
    const items = Array.from({ length: Math.min(10, wanted) }, (_, n) => ({ n, text: "x".repeat(length) }));
    return { items, next_cursor: wanted < 10 ? `after ${wanted}` : null };
  };
  const section = await pageSection("calls", limit, read, (row) => row);
  return { limits, rows: section.rows.length, rest: section.rest };
}

test("a page that fits is read once, and one that does not is read again, with the cursor behind its last row", async () => {
  expect(await sectionOf(10, 20)).toEqual({ limits: [20], rows: 10, rest: undefined });
  expect(await sectionOf(10, 4)).toEqual({ limits: [4], rows: 4, rest: { cursor: "after 4" } });
  expect(await sectionOf(MOST_CHARACTERS / 4, 20)).toEqual({ limits: [20, 3], rows: 3, rest: { cursor: "after 3" } });
  expect(await sectionOf(2 * MOST_CHARACTERS, 20)).toEqual({ limits: [20, 1], rows: 1, rest: { cursor: "after 1" } });
});
