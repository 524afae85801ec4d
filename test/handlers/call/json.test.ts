import { expect, test } from "vitest";
import { at, boolean, entries, isObject, jsonText, list, number, text, words } from "../../../handlers/call/json.ts";
import { sentJson } from "../../../handlers/call/sent-json.ts";

const LONG = sentJson("12345678901234567890").value;

test("a number of many digits is read like any other number, and its text has all digits", () => {
  expect([text(LONG), words(LONG), jsonText(LONG)]).toEqual(Array(3).fill("12345678901234567890"));
  expect(number(LONG)).toBe(Number("12345678901234567890"));
  expect(number(sentJson("-0.12345678901234567890123").value)).toBe(-0.12345678901234568);
  expect([boolean(LONG), list(LONG), entries(LONG), isObject(LONG), at(LONG, "rawJSON")]).toEqual([
    null,
    [],
    [],
    false,
    undefined,
  ]);
});

test("a number that no JavaScript number is near to has a text, and is no number", () => {
  const infinite = sentJson("1e400").value;
  expect([text(infinite), jsonText(infinite), number(infinite)]).toEqual(["1e400", "1e400", null]);
});

test("the JSON of an object has the digits of the numbers in it", () => {
  const sent = '{"order":9007199254740993,"lines":[{"price":0.10000000000000000555,"tax":1e400},1.5]}';
  expect(jsonText(sentJson(sent).value)).toBe(sent);
});

test("an object that looks like a number of many digits is an object", () => {
  const forged = sentJson('[{"rawJSON": "12345678901234567890"}, 1e400]').value;
  expect(text(list(forged)[0])).toBeNull();
  expect(jsonText(list(forged)[0])).toBe('{"rawJSON":"12345678901234567890"}');
  expect(isObject(list(forged)[0])).toBe(true);
});
