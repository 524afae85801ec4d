import fc from "fast-check";
import { expect, test } from "vitest";
import { literalValue, spelledValue } from "../../../../handlers/call/otel/literal.ts";
import { runs } from "../../../support/fixtures/fuzz-runs.ts";

test.each([
  ["{'tokens': 2172, 'price': 2.4e-05}", { tokens: 2172, price: 2.4e-5 }],
  [
    `{'value': None, 'ok': True, 'no': False, "it's": "a \\"b\\""}`,
    { value: null, ok: true, no: false, "it's": 'a "b"' },
  ],
  ["'it\\'s \\\\ \\n\\t\\r \\x41 \\u20ac \\U0001f642 \\q'", "it's \\ \n\t\r A € 🙂 \\q"],
  ["[(1, 2), (3,), (), [], {}]", [[1, 2], [3], [], [], {}]],
  ["{1: 'a', None: 'b'}", { "1": "a", null: "b" }],
  ["{'a': -0.5, 'b': 1., 'c': .5}", { a: -0.5, b: 1, c: 0.5 }],
  [" [ 1 , 2 , ] ", [1, 2]],
  ['{"a": [true, false, null], "b": "\\/ \\ud83d\\ude42"}', { a: [true, false, null], b: "/ 🙂" }],
  ["{'__proto__': {'a': 1}}", JSON.parse('{"__proto__": {"a": 1}}')],
  ["''", ""],
])("reads %s", (text, expected) => {
  expect(literalValue(text)).toEqual(expected);
});

test("a number that JavaScript cannot hold stays a text", () => {
  const text = "[9007199254740993, -12345678901234567890, 9007199254740991, nan, inf, -inf, NaN, Infinity, 1e999]";
  const exact = ["9007199254740993", "-12345678901234567890", 9007199254740991];
  expect(literalValue(text)).toEqual([...exact, "nan", "inf", "-inf", "NaN", "Infinity", "1e999"]);
});

test.each([
  ...["", " ", "Friday", "{", "{'a'}", "{'a': }", "{'a': 1", "{'a' 1}", "{[1]: 2}", "[1 2]", "[1", "(1]", "[1,,2]"],
  ...["'a", "'a\\", "'\\U00110000'", "1 2", "1_000", "datetime.date(2026, 11, 1)", "b'a'", "{'a': 1}}", "{'a': 1} x"],
])("does not read %s", (text) => {
  expect(literalValue(text)).toBeUndefined();
});

test("what is no literal, and what is no text, is as it was sent", () => {
  expect([spelledValue("Friday"), spelledValue(7), spelledValue(undefined)]).toEqual(["Friday", 7, undefined]);
  expect([spelledValue("7"), spelledValue("None")]).toEqual([7, null]);
});

test("reads a hundred levels, and not more", () => {
  const nested = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
  expect(literalValue(nested(100))).toEqual(JSON.parse(nested(100)));
  expect(literalValue(nested(101))).toBeUndefined();
  expect(literalValue("[".repeat(100_000))).toBeUndefined();
});

test("reads any JSON as JSON.parse does, except large integers", () => {
  const isLarge = (value: unknown) => /^-?\d{16,}$/.test(String(value)) && !Number.isSafeInteger(value);
  const withTexts = (_: string, value: unknown) =>
    typeof value === "number" && isLarge(value) ? String(value) : value;
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), (text) => {
      expect(literalValue(text)).toEqual(JSON.parse(text, withTexts));
    }),
    runs(30),
  );
});
