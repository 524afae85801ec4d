import { expect, test } from "vitest";
import { inLittleMemory } from "../support/fixtures/in-little-memory.ts";

test("a parsed body is released before its bytes are stored", async () => {
  expect(await inLittleMemory("receive-while-storing-hangs.ts", 120)).toEqual(Array(20).fill("stored"));
});

test("a batch of the longest calls fits into a quarter of the processor's memory", async () => {
  expect(await inLittleMemory("process-a-batch-of-long-calls.ts", 128)).toEqual({ failures: 0, objects: 10 });
});

test("the compactor does not hold the rows of a whole day in memory", async () => {
  expect(await inLittleMemory("close-a-day-of-long-calls.ts", 120)).toBe(24 * 20_000);
});
