import { expect, test } from "vitest";
import { killedAt } from "../../support/fixtures/packed-hours.ts";

test("after one or two kills between any two effects, readers see each row once, and the next runs end the work", async () => {
  let first = 0;
  while (await killedAt(first)) first += 1;
  // Lease; the parts, state and markers of each pack; the parts of a day; views, twice; state; release.
  expect(first).toBeGreaterThan(30);
  for (let one = 0; one < first; one += 3) {
    for (let second = one % 4; second < first; second += 9) await killedAt(one, second);
  }
});
