import { expect, test } from "vitest";
import { pauseBefore, withRetries } from "../../../handlers/clients/retry-policy.ts";

/** A clock whose pauses take no time, and which records them. */
function aClock() {
  const slept: number[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  return { slept, sleep };
}

test("a pause is twice as long as the one before, up to the longest", () => {
  const pauses = [0, 1, 2, 3, 4, 400].map((retry) => pauseBefore(retry, { firstMs: 500, longestMs: 3_000 }));
  expect(pauses).toEqual([500, 1_000, 2_000, 3_000, 3_000, 3_000]);
});

test("a task is retried until it succeeds", async () => {
  const clock = aClock();
  let attempts = 0;
  const task = async () => {
    attempts += 1;
    if (attempts < 3) throw new Error(`attempt ${attempts}`);
    return "done";
  };
  expect(await withRetries(task, { clock, pauseAfter: (_error, retry) => 10 * (retry + 1) })).toBe("done");
  expect(clock.slept).toEqual([10, 20]);
});

test("an error without a pause is thrown at once, unchanged", async () => {
  const clock = aClock();
  const errors = [new Error("again"), new Error("final"), new Error("never seen")];
  const task = () => Promise.reject(errors.shift());
  const pauseAfter = (error: unknown) => (error instanceof Error && error.message === "final" ? undefined : 0);
  await expect(withRetries(task, { clock, pauseAfter })).rejects.toThrow("final");
  expect([clock.slept, errors.length]).toEqual([[0], 1]);
});
