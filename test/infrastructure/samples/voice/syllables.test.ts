import { expect, test } from "vitest";
import { syllables } from "../../../../infrastructure/samples/voice/syllables.ts";

const spoken = (text: string) =>
  syllables(text).map(({ onset = "", vowel, contour }) => `${onset} ${vowel} ${contour}`.trim());

test.each<[string, string[]]>([
  ["see many", ["hiss e high", "hum a high", "hum i fall"]],
  ["Yes.", ["i fall"]],
  ["Ready?", ["hum e high", "stop i rise"]],
  ["Is it? No.", ["i high", "i rise", "hum o fall"]],
  ["It costs 1.5", ["i high", "stop o high", "a high", "a fall"]],
  ["mañana", ["hum a high", "hum a level", "hum a fall"]],
  ["Über Käthe", ["u high", "stop e level", "stop a high", "hiss e fall"]],
  ["Straße", ["hum a high", "hiss e fall"]],
])("speaks %j", (text, expected) => {
  expect(spoken(text)).toEqual(expected);
});

test.each(["", "...", "🚲", "東京", "hm"])("%j has no syllables", (text) => {
  expect(syllables(text)).toEqual([]);
});

test("each syllable begins at the share of its letters, after a pause at punctuation", () => {
  expect(syllables("ba ba ba ba").map(({ at }) => at)).toEqual([0, 3 / 11, 6 / 11, 9 / 11]);
  // A comma is as long as four letters.
  expect(syllables("ba, ba").map(({ at }) => at)).toEqual([0, 7 / 9]);
});

test("an emoji before the words does not move them", () => {
  expect(syllables("🚲 ba").map(({ at }) => at)).toEqual([3 / 5]);
});
