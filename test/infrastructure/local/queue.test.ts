import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Queue, type QueueOptions, queue } from "../../../infrastructure/local/queue.ts";

// Time passes only when a test advances it.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue whose work on each key ends when the test ends it. */
function aQueue(options: Partial<QueueOptions> = {}) {
  const started: string[] = [];
  const running = new Map<string, { done: () => void; fail: (error: Error) => void }>();
  const failures: [key: string, attempt: number, retryInMs: number | null][] = [];
  const made = queue({
    concurrency: 2,
    pauses: { firstMs: 100, longestMs: 200 },
    retries: 2,
    groupOf: (key) => key.split("/")[0] ?? key,
    isFinal: (error) => error instanceof TypeError,
    work: (key) => {
      started.push(key);
      return new Promise<void>((resolve, reject) => running.set(key, { done: resolve, fail: reject }));
    },
    onFailure: async (key, _, attempt, retryInMs) => void failures.push([key, attempt, retryInMs]),
    ...options,
  });
  const settled = () => vi.advanceTimersByTimeAsync(0);
  return {
    queue: made,
    started,
    failures,
    async done(key: string) {
      running.get(key)?.done();
      await settled();
    },
    async fail(key: string, error = new Error("it failed")) {
      running.get(key)?.fail(error);
      await settled();
    },
  };
}

async function isIdle({ idle }: Queue): Promise<boolean> {
  let isOver = false;
  void idle().then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return isOver;
}

test("runs keys up to its concurrency, and the next when one has ended", async () => {
  const { queue, started, done } = aQueue();
  for (const key of ["a", "b", "c"]) queue.add(key);
  expect([started, queue.pending]).toEqual([["a", "b"], 3]);
  await done("b");
  expect([started, queue.pending]).toEqual([["a", "b", "c"], 2]);
});

test("runs one key of a group at a time, and keys of other groups meanwhile", async () => {
  const { queue, started, done } = aQueue();
  for (const key of ["a/1", "a/2", "b/1"]) queue.add(key);
  expect(started).toEqual(["a/1", "b/1"]);
  await done("a/1");
  expect(started).toEqual(["a/1", "b/1", "a/2"]);
});

test("runs a key once that is added several times while it waits", async () => {
  const { queue, started, done } = aQueue({ concurrency: 1 });
  for (const key of ["a", "b", "b", "b"]) queue.add(key);
  await done("a");
  await done("b");
  expect([started, queue.pending]).toEqual([["a", "b"], 0]);
});

test("runs a key once more that is added while it runs", async () => {
  const { queue, started, done } = aQueue();
  for (const key of ["a", "a", "a"]) queue.add(key);
  expect(started).toEqual(["a"]);
  await done("a");
  expect(started).toEqual(["a", "a"]);
  await done("a");
  expect([started, queue.pending]).toEqual([["a", "a"], 0]);
});

test("retries after each pause, and reports the last failure as final", async () => {
  const { queue, started, failures, fail } = aQueue();
  queue.add("a");
  await fail("a");
  await vi.advanceTimersByTimeAsync(99);
  expect(started).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(started).toHaveLength(2);
  await fail("a");
  await vi.advanceTimersByTimeAsync(200);
  await fail("a");
  expect(failures).toEqual([
    ["a", 1, 100],
    ["a", 2, 200],
    ["a", 3, null],
  ]);
  expect(queue.pending).toBe(0);
});

test("a key that waits for a retry is pending, and blocks no other key", async () => {
  const { queue, started, fail } = aQueue({ concurrency: 1 });
  queue.add("a/1");
  queue.add("a/2");
  await fail("a/1");
  expect([started, queue.pending, await isIdle(queue)]).toEqual([["a/1", "a/2"], 2, false]);
});

test("a key that is added while it waits for a retry starts at once, with all its retries", async () => {
  const { queue, started, failures, fail } = aQueue();
  queue.add("a");
  await fail("a");
  queue.add("a");
  expect(started).toHaveLength(2);
  await fail("a");
  expect(failures.at(-1)).toEqual(["a", 1, 100]);
});

test("does not retry a permanent error", async () => {
  const { queue, failures, fail } = aQueue();
  queue.add("a");
  await fail("a", new TypeError());
  expect([failures, queue.pending]).toEqual([[["a", 1, null]], 0]);
});

test("is idle when the last key has ended or failed for good", async () => {
  const { queue, done, fail } = aQueue();
  expect(await isIdle(queue)).toBe(true);
  queue.add("a");
  queue.add("b");
  expect(await isIdle(queue)).toBe(false);
  await done("a");
  await fail("b", new TypeError());
  expect(await isIdle(queue)).toBe(true);
});

test("is not idle before its failures are reported", async () => {
  let reported = () => {};
  const onFailure = () => new Promise<void>((resolve) => (reported = resolve));
  const { queue, fail } = aQueue({ onFailure });
  queue.add("a");
  await fail("a", new TypeError());
  expect(await isIdle(queue)).toBe(false);
  reported();
  expect(await isIdle(queue)).toBe(true);
});

test("continues when a failure cannot be reported", async () => {
  const { queue, started, fail } = aQueue({ concurrency: 1, onFailure: () => Promise.reject(new Error("disk full")) });
  queue.add("a");
  queue.add("b");
  await fail("a", new TypeError());
  expect(started).toEqual(["a", "b"]);
  await fail("b", new TypeError());
  expect(await isIdle(queue)).toBe(true);
});

test("stop starts no more keys and waits for running ones", async () => {
  const { queue, started, done, fail } = aQueue();
  for (const key of ["a", "b", "c"]) queue.add(key);
  await fail("a");
  let isStopped = false;
  void queue.stop().then(() => {
    isStopped = true;
  });
  await done("b");
  expect(isStopped).toBe(false);
  await done("c");
  expect(isStopped).toBe(true);
  await vi.advanceTimersByTimeAsync(10_000);
  queue.add("d");
  expect(started).toEqual(["a", "b", "c"]);
});

test("a key has settled after its last try, and when the queue stops", async () => {
  const { queue, done, fail } = aQueue();
  const settled: string[] = [];
  const wait = (key: string, name = key) => void queue.settled(key).then(() => settled.push(name));
  wait("unknown");
  for (const key of ["a", "b", "c"]) queue.add(key);
  for (const key of ["a", "b", "c"]) wait(key);
  wait("a", "a again");
  await done("a");
  expect(settled).toEqual(["unknown", "a", "a again"]);
  await fail("b");
  expect(settled).not.toContain("b");
  await vi.advanceTimersByTimeAsync(100);
  await done("b");
  expect(settled).toContain("b");
  const stopping = queue.stop();
  await done("c");
  await stopping;
  expect(settled).toContain("c");
});
