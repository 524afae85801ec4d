import { expect, test } from "vitest";
import { repairText } from "../../../../../infrastructure/commands/toolkit/actions/verify-action.ts";

const NOTHING = { processed: 0, put: 0, days: 0, hours: 0, left: 0, elsewhere: [] };

test.each([
  [undefined, ""],
  [{ processed: 1 }, ". Repaired: 1 object"],
  [{ processed: 1_000, put: 1, days: 2 }, ". Repaired: 1,001 objects and 2 closed days"],
  [
    { days: 1, elsewhere: ["the archive"] },
    ". Being repaired: 1 closed day. Check again in a minute: the archive completes this",
  ],
  [{ hours: 1 }, ". Repaired: 1 packed hour"],
  [{ left: 2 }, ". Not repaired while the archive runs: 2 objects"],
])("%j is formatted as %j", (repaired, text) => {
  expect(repairText(repaired && { ...NOTHING, ...repaired })).toBe(text);
});
