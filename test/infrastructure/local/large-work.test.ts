import { expect, test } from "vitest";
import { largeWork } from "../../../infrastructure/local/large-work.ts";

test("runs one task at a time, in order, and counts those that wait", async () => {
  const large = largeWork();
  const running = Promise.withResolvers<void>();
  const done: string[] = [];
  const first = large.run(async () => {
    await running.promise;
    done.push("first");
  });
  const second = large.run(async () => done.push("second"));
  await Promise.resolve();
  expect([large.waiting, done]).toEqual([1, []]);
  running.resolve();
  await Promise.all([first, second]);
  expect([large.waiting, done]).toEqual([0, ["first", "second"]]);
});

test("a failed task does not block the next one", async () => {
  const large = largeWork();
  const failed = large.run(() => Promise.reject(new Error("no")));
  const next = large.run(async () => "next");
  await expect(failed).rejects.toThrow("no");
  expect([await next, large.waiting]).toEqual(["next", 0]);
});
