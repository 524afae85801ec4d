import fc from "fast-check";
import { expect, test } from "vitest";
import { checkedValue, withChecksum } from "../../queries/tables/checksum.ts";
import { closedDaysIn, NOTHING_CLOSED } from "../../queries/tables/closed-days.ts";

const aRecord = fc.dictionary(fc.string(), fc.jsonValue());

test("an object with a checksum is read as it was written", () => {
  fc.assert(
    fc.property(aRecord, (value) => {
      const written = JSON.parse(JSON.stringify(withChecksum(value)));
      expect(checkedValue(written)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("an object of an earlier version has no checksum, and is read unchanged", () => {
  expect(checkedValue({ conversation: "conv_1", days: [] })).toEqual({ conversation: "conv_1", days: [] });
  expect(checkedValue([1, 2])).toEqual([1, 2]);
});

test("every flipped bit in the text of an object is detected, also in the checksum", () => {
  const value = {
    first_live_day: "2026-11-04",
    changed: {},
    views: null,
    days: { "2026-11-01": [] },
    hours: { "2026-11-04": { "08": { pack: 1 } } },
  };
  const whole = Buffer.from(JSON.stringify(withChecksum(value)));
  for (let bit = 0; bit < 8 * whole.length; bit += 1) {
    const damaged = Buffer.from(whole);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(read(damaged), `bit ${bit}: ${damaged}`).toBeUndefined();
    expect(closedDaysIn(damaged)).toEqual(NOTHING_CLOSED);
  }
  expect(read(whole)).toEqual(value);
  expect(closedDaysIn(whole)).toEqual({
    firstLiveDay: "2026-11-04",
    changed: [],
    packs: { "2026-11-04": { "08": 1 } },
  });
});

function read(bytes: Buffer): unknown {
  try {
    return checkedValue(JSON.parse(bytes.toString()));
  } catch {
    return undefined;
  }
}
