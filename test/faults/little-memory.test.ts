import { expect, test } from "vitest";
import { inLittleMemory } from "../support/fixtures/in-little-memory.ts";

test("a parsed body is not kept while it is stored", async () => {
  expect(await inLittleMemory("receive-while-storing-hangs.ts", 120)).toEqual(Array(20).fill("stored"));
});

test("the rows of a day's calls are not in memory at once", async () => {
  expect(await inLittleMemory("close-a-day-of-long-calls.ts", 120)).toBe(24 * 20_000);
});
