import { expect, test } from "vitest";
import { BEFORE, killedAt, pendingWork, seen, TODAY } from "../../support/fixtures/packed-hours.ts";

test("the work to be killed has every case", async () => {
  const { state } = await pendingWork();
  const { hours, first_live_day } = await state();
  expect([Object.keys(hours).sort(), first_live_day]).toEqual([["2026-11-04", TODAY], "2026-11-04"]);
  expect(await seen(await pendingWork())).toEqual({ conversations: BEFORE, turns: BEFORE });
});

test("after a kill, readers see each row once, and the next runs end the work", async () => {
  // Every effect, and pairs of kills: `packed-hours-crash.slow.test.ts`.
  for (let effects = 0; await killedAt(effects); effects += 4);
});
