import { expect, test } from "vitest";
import { byteRange } from "../../../handlers/read/byte-range.ts";

test.each([
  ["the first bytes", "bytes=0-9", { start: 0, end: 9 }],
  ["the last byte", "bytes=99-", { start: 99, end: 99 }],
  ["an end beyond the object", "bytes=90-500", { start: 90, end: 99 }],
  ["the last bytes", "bytes=-5", { start: 95, end: 99 }],
  ["more last bytes than there are", "bytes=-500", { start: 0, end: 99 }],
  ["a start at the end", "bytes=100-", "unsatisfiable"],
  ["no last bytes", "bytes=-0", "unsatisfiable"],
  ["no header", undefined, undefined],
  ["an end before the start", "bytes=9-1", undefined],
  ["several ranges", "bytes=0-1,5-6", undefined],
  ["another unit", "lines=0-1", undefined],
  ["no numbers", "bytes=-", undefined],
])("a range with %s", (_, header, expected) => {
  expect(byteRange(header, 100)).toEqual(expected);
});

test("an empty object has no range", () => {
  expect(byteRange("bytes=0-", 0)).toBe("unsatisfiable");
  expect(byteRange("bytes=-1", 0)).toBe("unsatisfiable");
});
