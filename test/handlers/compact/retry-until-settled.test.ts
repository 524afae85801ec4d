import { expect, test } from "vitest";
import { retryUntilSettled } from "../../../handlers/compact/retry-until-settled.ts";
import { virtualClock } from "../../support/fixtures/virtual-clock.ts";

test("a deployment waits while new rights and tables settle", async () => {
  const clock = virtualClock();
  let tries = 0;
  await retryUntilSettled(async () => {
    tries += 1;
    if (tries < 6) throw new Error("Athena refused a statement: AccessDeniedException");
  }, clock);
  expect(tries).toBe(6);
});

test("a deployment fails with the last reason after two and a half minutes", async () => {
  const clock = virtualClock();
  const began = clock.now().getTime();
  let tries = 0;
  const failing = retryUntilSettled(async () => {
    tries += 1;
    throw new Error(`no ${tries}`);
  }, clock);
  await expect(failing).rejects.toThrow(/^no \d+$/);
  expect(tries).toBeGreaterThan(5);
  expect(clock.now().getTime() - began).toBeLessThanOrEqual(150_000);
});
