import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { waitingCalls } from "../../../infrastructure/local/waiting-calls.ts";

// Time passes only when a test advances it, for the clock and for timers.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const inSeconds = (seconds: number) => new Date(Date.now() + 1000 * seconds);

function someWaiting() {
  const due: string[] = [];
  return {
    due,
    waiting: waitingCalls(
      () => new Date(),
      (key) => due.push(key),
    ),
  };
}

test("calls back for each key at its time and then removes it", async () => {
  const { waiting, due } = someWaiting();
  waiting.add("b", inSeconds(60));
  waiting.add("a", inSeconds(30));
  await vi.advanceTimersByTimeAsync(29_000);
  expect([due, waiting.count, waiting.has("a")]).toEqual([[], 2, true]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([due, waiting.count, waiting.has("a")]).toEqual([["a"], 1, false]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect([due, waiting.count]).toEqual([["a", "b"], 0]);
});

test("uses the last time of a key that is added again, and none of one that is removed", async () => {
  const { waiting, due } = someWaiting();
  waiting.add("a", inSeconds(10));
  waiting.add("a", inSeconds(50));
  waiting.add("b", inSeconds(10));
  waiting.remove("b");
  await vi.advanceTimersByTimeAsync(49_000);
  expect(due).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(due).toEqual(["a"]);
});

test("thousands of waiting keys share one timer, and after the last there is none", async () => {
  const { waiting, due } = someWaiting();
  for (let n = 0; n < 2_000; n += 1) waiting.add(`call ${n}`, inSeconds(100));
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(100_000);
  expect([due.length, waiting.count, vi.getTimerCount()]).toEqual([2_000, 0, 0]);
});

test("after the machine slept, calls back for due keys within a second", async () => {
  const { waiting, due } = someWaiting();
  waiting.add("a", inSeconds(1_800));
  vi.setSystemTime(inSeconds(8 * 3_600));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(due).toEqual(["a"]);
});

test("a key that is added during a callback waits, too", async () => {
  const due: string[] = [];
  const waiting = waitingCalls(
    () => new Date(),
    (key) => {
      due.push(key);
      if (due.length < 3) waiting.add(key, inSeconds(10));
    },
  );
  waiting.add("a", inSeconds(10));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([due, vi.getTimerCount()]).toEqual([["a", "a", "a"], 0]);
});

test("makes no callback after stop", async () => {
  const { waiting, due } = someWaiting();
  waiting.add("a", inSeconds(10));
  waiting.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([due, vi.getTimerCount()]).toEqual([[], 0]);
});
