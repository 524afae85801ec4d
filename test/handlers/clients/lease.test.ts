import { expect, test } from "vitest";
import { LeaseHeld, nextLease } from "../../../handlers/clients/lease.ts";

const NOW = new Date("2026-11-20T14:02:02Z");
const HELD = { holder: "8f3e", until: "2026-11-20T14:02:31Z" };

function next(current: typeof HELD | undefined, now = NOW, isExclusive = false) {
  return nextLease(current, "conv_1", { holder: "mine", seconds: 60, isExclusive }, now);
}

test("the error for a held lease has its holder, its end and the seconds left", () => {
  expect(() => next(HELD)).toThrow(LeaseHeld);
  expect(() => next(HELD)).toThrow("conv_1 is leased by 8f3e until 14:02:31 UTC (29 s left)");
  expect(() => next(HELD, new Date("2026-11-20T14:02:30.001Z"))).toThrow("(1 s left)");
});

test("a lease that has expired, or is that of a dead process, can be taken over", () => {
  const mine = { holder: "mine", until: "2026-11-20T14:03:02.000Z" };
  expect(next(undefined)).toEqual(mine);
  expect(next(HELD, NOW, true)).toEqual(mine);
  expect(next(HELD, new Date(HELD.until))).toMatchObject({ holder: "mine" });
});

test("the error for a lease that was taken at the same moment names no holder", () => {
  expect(new LeaseHeld("conv_1", undefined, NOW).message).toBe("conv_1 is leased by another process since this moment");
});
