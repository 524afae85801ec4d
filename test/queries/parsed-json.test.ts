import { expect, test } from "vitest";
import { checkedValue } from "../../queries/tables/checksum.ts";
import { closedDaysIn, NOTHING_CLOSED } from "../../queries/tables/closed-days.ts";
import { parsedJson } from "../../queries/tables/parsed-json.ts";

test("returns the value of a JSON text, or the result of `invalid` for any other text", () => {
  expect(parsedJson('{"a": [1, null]}')).toEqual({ a: [1, null] });
  expect(parsedJson("null", () => "none")).toBeNull();
  for (const text of ["", "{", "undefined", "{'a': 1}", "\u0000"]) {
    expect(parsedJson(text)).toBeUndefined();
    expect(parsedJson(text, (error) => error)).toBeInstanceOf(SyntaxError);
  }
  const refuse = () => {
    throw new RangeError("a caller's own");
  };
  expect(() => parsedJson("{", refuse)).toThrow("a caller's own");
});

test("a value that is too deeply nested for a checksum is damaged", () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  expect(checkedValue(parsedJson(`{"a": ${deep}, "checksum": "${"0".repeat(64)}"}`))).toBeUndefined();
});

test("a compaction state that is not JSON or has another shape closes no day", () => {
  const states = ["", "{", "null", "[]", '{"first_live_day": 5}', '{"first_live_day": "2026-01-01", "changed": null}'];
  for (const state of states) expect(closedDaysIn(Buffer.from(state))).toEqual(NOTHING_CLOSED);
  expect(closedDaysIn(undefined)).toEqual(NOTHING_CLOSED);
});
