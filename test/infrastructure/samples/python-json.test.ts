import { expect, test } from "vitest";
import { type Json, pythonJson } from "../../../infrastructure/samples/python-json.ts";

/** The results of `json.dumps(…)` in Python 3 for the same values. */
test.each<[string, Json, string]>([
  ["separators", { a: 1, b: [1, 2, { c: null }] }, '{"a": 1, "b": [1, 2, {"c": null}]}'],
  ["empty values", { list: [], map: {}, text: "" }, '{"list": [], "map": {}, "text": ""}'],
  ["booleans and null", [true, false, null], "[true, false, null]"],
  ["numbers", [0, -7, 0.25, 1763000000], "[0, -7, 0.25, 1763000000]"],
  [
    "accents",
    "¿Qué tal, Íñigo? Käthe grüßt",
    '"\\u00bfQu\\u00e9 tal, \\u00cd\\u00f1igo? K\\u00e4the gr\\u00fc\\u00dft"',
  ],
  ["the euro", "38,50 €", '"38,50 \\u20ac"'],
  ["emoji, as two surrogates", "🚲", '"\\ud83d\\udeb2"'],
  ["a family with a skin tone", "👧🏽", '"\\ud83d\\udc67\\ud83c\\udffd"'],
  ["quotes, backslash, slash", 'say "hi" \\ /', '"say \\"hi\\" \\\\ /"'],
  ["control characters", "a\nb\tc\u0001\u007f", '"a\\nb\\tc\\u0001\\u007f"'],
  ["line separators", "\u2028\u2029", '"\\u2028\\u2029"'],
  ["keys", { "naïve 🚲": 1 }, '{"na\\u00efve \\ud83d\\udeb2": 1}'],
  [
    "a JSON text in a JSON text",
    { params_as_json: pythonJson({ día: "sábado" }) },
    '{"params_as_json": "{\\"d\\\\u00eda\\": \\"s\\\\u00e1bado\\"}"}',
  ],
])("writes %s like Python", (_, value, written) => {
  expect(pythonJson(value)).toBe(written);
});

test("omits keys whose value is undefined", () => {
  expect(pythonJson({ a: undefined, b: 1 })).toBe('{"b": 1}');
});

test("parses back to the same value", () => {
  const value = { text: 'Ünïcødé "🚲" \\ \u0000', list: [1.5, null, { "": true }] };
  expect(JSON.parse(pythonJson(value))).toEqual(value);
});
