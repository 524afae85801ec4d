import { expect, test } from "vitest";
import { excerptOf, folded, placesOf } from "../../../infrastructure/console/search/phrase.ts";
import { emptyFolder, engineOn } from "../../queries/analytics-folder.ts";

const found = (phrase: string, text: string) => placesOf(phrase, text).map(({ start, end }) => text.slice(start, end));

test("folds every letter as the search does", async () => {
  const letters = Array.from({ length: 0x1_ff_ff }, (_, point) => point)
    .filter((point) => point > 0 && (point < 0xd8_00 || point > 0xdf_ff))
    .map((point) => String.fromCodePoint(point))
    .filter((letter) => /\p{Lu}|\p{Lt}|\p{Ll}/u.test(letter));
  const engine = await engineOn(await emptyFolder());
  const { rows } = await engine.run("select lower(cast(? as varchar)) as small", [letters.join("")]);
  const small = [...String(rows[0]?.[0])];
  // The engine keeps a letter that is newer than its version of Unicode.
  const different = letters.filter((letter, index) => ![letter, folded(letter)].includes(small[index] ?? ""));
  expect(small).toHaveLength(letters.length);
  expect(different).toEqual([]);
});

test.each([
  ["a capital", "refund", "Refund, REFUND and refund", ["Refund", "REFUND", "refund"]],
  ["a final sigma is a sigma only as a capital", "σίσυφοσ", "ΣΊΣΥΦΟΣ", ["ΣΊΣΥΦΟΣ"]],
  ["the search has no place either", "σίσυφος", "ΣΊΣΥΦΟΣ", []],
  ["a dotted capital i", "istanbul", "in İstanbul", ["İstanbul"]],
  ["characters of patterns", "%_'\\", "100%_'\\ sure, 100 percent", ["%_'\\"]],
  ["a part of an emoji covers all of it", "👨", "Family 👨‍👩‍👧", ["👨‍👩‍👧"]],
  ["a letter without its accent covers both", "e", "e\u0301cole", ["e\u0301", "e"]],
  ["places beside each other", "aa", "aaaa", ["aa", "aa"]],
  ["from right to left", "الأموال", "أريد استرداد الأموال", ["الأموال"]],
  ["no phrase", "", "anything", []],
])("highlights %s", (_, phrase, text, expected) => {
  expect(found(phrase, text)).toEqual(expected);
});

test("an excerpt divides no character, and keeps the places that are within", () => {
  const text = `${"🇩🇪".repeat(50)}needle${"🇩🇪".repeat(50)}`;
  const excerpt = excerptOf(text, placesOf("needle", text), 191, 40);
  expect([excerpt.isCutBefore, excerpt.isCutAfter]).toEqual([true, true]);
  expect(excerpt.places.map(({ start, end }) => excerpt.text.slice(start, end))).toEqual(["needle"]);
  expect(excerpt.text.replaceAll("🇩🇪", "")).toBe("needle");
  expect(excerptOf("short", [], 0, 100)).toEqual({ text: "short", places: [], isCutBefore: false, isCutAfter: false });
});
