import type { Contour, Onset, Vowel } from "./sounds.ts";

export interface Syllable {
  /** Where the syllable begins, as a share of the time of the whole text. */
  readonly at: number;
  readonly onset: Onset | undefined;
  readonly vowel: Vowel;
  readonly contour: Contour;
}

/** A pause at punctuation takes the time of this number of letters. */
const PAUSE_LETTERS = 4;

const ONSET_LETTERS: readonly (readonly [Onset, string])[] = [
  ["stop", "bcdgkpqt"],
  ["hiss", "fhjsxzß"],
  ["hum", "lmnrvw"],
];

/** The vowel of each digit's name in English, from zero to nine. */
const VOWELS_OF_DIGITS = "eauioaieea";

/** A digit, or vowels with the consonant before them. */
const SYLLABLE = /([bcdfghj-np-tvwxzß])?([aeiouy])[aeiouy]*|\d/g;

/** Between a syllable and the end of its sentence: no other syllable. */
const REST_OF_SENTENCE = /^[^aeiouy\d]*?([.!?](?=\s|$)|$)/;

/** Between the beginning of a word and a syllable: no other syllable. */
const BEGINNING_OF_WORD = /(?:^|[^a-zß])[^aeiouy\d\s]*$/;

/** The syllables of `text`, in any language with Latin letters. Accents do not matter, and digits are read one by one. */
export function syllables(text: string): Syllable[] {
  const letters = text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const times = timesOf(letters);
  return [...letters.matchAll(SYLLABLE)].map((match) => {
    const [spelt, consonant = " ", vowel] = match;
    return {
      at: times[match.index] ?? 0,
      onset: ONSET_LETTERS.find(([, group]) => group.includes(consonant))?.[0],
      vowel: vowelOf(vowel ?? VOWELS_OF_DIGITS[Number(spelt)]),
      contour: contour(letters.slice(0, match.index), letters.slice(match.index + spelt.length)),
    };
  });
}

/** When each letter begins, as a share of the whole. */
function timesOf(letters: string): number[] {
  let clock = 0;
  const begins = letters.split("").map((letter) => {
    const now = clock;
    clock += /[.,;:!?]/.test(letter) ? PAUSE_LETTERS : 1;
    return now;
  });
  return begins.map((time) => time / clock);
}

function vowelOf(letter: string | undefined): Vowel {
  switch (letter) {
    case "a":
    case "e":
    case "o":
    case "u":
      return letter;
    default:
      return "i";
  }
}

function contour(before: string, after: string): Contour {
  const end = REST_OF_SENTENCE.exec(after);
  if (end) return end[1] === "?" ? "rise" : "fall";
  return BEGINNING_OF_WORD.test(before) ? "high" : "level";
}
