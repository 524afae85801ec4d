import { expect, test } from "vitest";
import { anyValue, keyValues } from "../../../../handlers/call/otel/any-value.ts";

/** The integer 1 in lists in lists. */
function nested(levels: number): unknown {
  let value: unknown = { intValue: "1" };
  for (let level = 0; level < levels; level += 1) value = { arrayValue: { values: [value] } };
  return value;
}

test.each([
  ["a text", { stringValue: "a" }, "a"],
  ["an empty text", { stringValue: "" }, ""],
  ["an integer as text", { intValue: "-47250" }, -47250],
  ["an integer as number", { intValue: 47250 }, 47250],
  ["an integer that a number cannot hold", { intValue: "9007199254740993" }, "9007199254740993"],
  ["an integer that is none", { intValue: "about 7" }, "about 7"],
  ["a decimal", { doubleValue: 0.5 }, 0.5],
  ["a decimal that JSON cannot hold", { doubleValue: "NaN" }, "NaN"],
  ["a boolean", { boolValue: false }, false],
  ["bytes", { bytesValue: "AAEC" }, "AAEC"],
  ["a list", { arrayValue: { values: [{ stringValue: "a" }, {}, { intValue: "2" }] } }, ["a", null, 2]],
  ["an empty list", { arrayValue: {} }, []],
  [
    "a map",
    { kvlistValue: { values: [{ key: "__proto__", value: { stringValue: "b" } }] } },
    JSON.parse('{"__proto__": "b"}'),
  ],
  ["an empty value", {}, undefined],
  ["null", null, undefined],
  ["a member that is null beside one that is not", { stringValue: null, intValue: "1" }, 1],
  ["a value that is not wrapped", "a", "a"],
])("reads %s", (_, sent, expected) => {
  expect(anyValue(sent)).toEqual(expected);
});

test("a value that is nested too deep stays as it was sent", () => {
  expect(anyValue(nested(63))).toEqual(JSON.parse(`${"[".repeat(63)}1${"]".repeat(63)}`));
  expect(JSON.stringify(anyValue(nested(1_000)))).toMatch(/^\[{64}\{"arrayValue"/);
  expect(() => anyValue(nested(30_000))).not.toThrow();
});

test.each([
  ["no list", { key: "a" }],
  ["entries that are none", [null, 1, "a", [], {}, { key: "a" }, { key: {}, value: { stringValue: "b" } }]],
])("reads no attribute from %s", (_, sent) => {
  expect(keyValues(sent)).toEqual([]);
});
