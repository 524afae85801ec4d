import { expect, test } from "vitest";
import { LeaseHeld, nextLease } from "../../../handlers/clients/lease.ts";

const NOW = new Date("2026-11-20T14:02:02Z");
const HELD = { holder: "8f3e", until: "2026-11-20T14:02:31Z" };

function next(current: typeof HELD | undefined, now = NOW, isExclusive = false) {
  return nextLease(current, "conv_1", { holder: "mine", seconds: 60, isExclusive }, now);
}

test("a lease that is held is named with its holder, its end and what is left of it", () => {
  expect(() => next(HELD)).toThrow(LeaseHeld);
  expect(() => next(HELD)).toThrow("conv_1 is leased by 8f3e until 14:02:31 UTC (29 s left)");
  expect(() => next(HELD, new Date("2026-11-20T14:02:30.001Z"))).toThrow("(1 s left)");
});

test("a lease that has run out, or is that of a dead process, is followed by the next", () => {
  const mine = { holder: "mine", until: "2026-11-20T14:03:02.000Z" };
  expect(next(undefined)).toEqual(mine);
  expect(next(HELD, NOW, true)).toEqual(mine);
  expect(next(HELD, new Date(HELD.until))).toMatchObject({ holder: "mine" });
});

test("a lease that another process took at the same moment says so", () => {
  expect(new LeaseHeld("conv_1", undefined, NOW).message).toBe("conv_1 is leased by another process since this moment");
});
