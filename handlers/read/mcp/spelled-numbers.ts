import { asciiDigits } from "../../call/phone-number.ts";

/** English words for digits. */
const DIGIT_WORDS: Readonly<Record<string, string>> = {
  ...{ zero: "0", oh: "0", o: "0", one: "1", two: "2", three: "3", four: "4", five: "5" },
  ...{ six: "6", seven: "7", eight: "8", nine: "9" },
};

/** English words that repeat the next digit. */
const REPEATS: Readonly<Record<string, number>> = { double: 2, triple: 3 };

const WORDS = [...Object.keys(DIGIT_WORDS), ...Object.keys(REPEATS)].join("|");

/** A digit of any script, or a word for one. */
const TOKEN = String.raw`(?:\p{Nd}|(?<![\p{Script=Latin}\p{N}])(?:${WORDS})(?![\p{Script=Latin}\p{N}]))`;

/**
 * What may stand between two digits: spaces, punctuation, invisible characters, and encoded spaces. No colon, which
 * separates the parts of a time, and no @, which ends the number in an address.
 */
const GAP = String.raw`(?:%20|%2[BbDd]|(?![:@])[\s\p{Cf}\p{M}\p{Pd}\p{Ps}\p{Pe}\p{Po}_+=|~^\x60]){0,6}`;

/** The fewest digits of a number in a text. A shorter one is more often a year, a price or a time. */
const FEWEST_DIGITS = 7;

/** Five tokens may be seven digits: triple five, triple five, five. */
const NUMBER = new RegExp(`[+＋]?${TOKEN}(?:${GAP}${TOKEN}){4,}`, "giu");

/** A date, with the hour that may follow it. */
const DATE = /^(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ ,]+\d\d)?$/;

/** A character as JSON with escapes writes it, in one half or two. */
const ESCAPED = /\\u(?:d[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|[0-9a-f]{4})/gi;

/** Texts whose digits are no number: ids of ElevenLabs and Twilio, hashes, UUIDs, and times. */
const KEPT = new RegExp(
  String.raw`(?<![\p{L}\p{N}_+])(?:${[
    "(?:conv|agent|agtbrch|agtvrsn|tool)_[a-z0-9]{8,}",
    "(?:[a-z_]+_|[A-Z]{2})?(?=[0-9]*[a-f])[0-9a-f]{32}(?:[0-9a-f]{32})?",
    "(?=[0-9-]*[a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    String.raw`(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[+-]\d\d:\d\d)?`,
  ].join("|")})(?![\p{L}\p{N}_])`,
  "gu",
);

/**
 * Replaces each number of seven or more digits in `text` by what `replace` returns for its digits.
 *
 * Finds every spelling of a phone number: with spaces, punctuation, invisible characters, digits of another script, or
 * English words for digits. Replaces other long numbers, too. Dates, times, hashes and ids stay.
 */
export function withoutNumbers(text: string, replace: (digits: string) => string): string {
  const plain = text.replace(ESCAPED, unescaped);
  let result = "";
  let end = 0;
  for (const { 0: id, index } of plain.matchAll(KEPT)) {
    result += replaced(plain.slice(end, index), replace) + id;
    end = index + id.length;
  }
  return result + replaced(plain.slice(end), replace);
}

/** An escaped character, if a number may contain it. An invisible one becomes a space. */
function unescaped(escaped: string): string {
  const units = escaped.split("\\u").slice(1);
  const character = String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
  if (/\p{Cf}/u.test(character)) return " ";
  return /[\p{Nd}\p{Zs}\p{P}+＋]/u.test(character) ? character : escaped;
}

function replaced(text: string, replace: (digits: string) => string): string {
  return text.replace(NUMBER, (found) => {
    const digits = digitsOf(found);
    return digits.length < FEWEST_DIGITS || DATE.test(found) ? found : replace(digits);
  });
}

/** The digits that a spelled number means, as ASCII. */
function digitsOf(spelled: string): string {
  const plain = asciiDigits(spelled.replaceAll(/%20|%2[BbDd]/g, " "));
  let digits = "";
  let times = 1;
  for (const [token] of plain.matchAll(/\d|\p{L}+/gu)) {
    const word = token.normalize("NFKC").toLowerCase();
    digits += (DIGIT_WORDS[word] ?? (/\d/.test(token) ? token : "")).repeat(times);
    times = REPEATS[word] ?? 1;
  }
  return digits;
}
