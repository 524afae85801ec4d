/** The sounds that syllables consist of: at most one onset, then a vowel with its contour. */
export const VOWELS = ["a", "e", "i", "o", "u"] as const;
export const CONTOURS = ["high", "level", "fall", "rise"] as const;
const ONSETS = ["stop", "hiss", "hum"] as const;

export type Vowel = (typeof VOWELS)[number];
/** The pitch in a syllable: at the beginning of a word, in its rest, at the end of a sentence, and of a question. */
export type Contour = (typeof CONTOURS)[number];
/** The kind of consonant before a vowel: as in “to”, “so” and “no”. */
export type Onset = (typeof ONSETS)[number];

export type Sound = Onset | `${Vowel}-${Contour}`;

export const SOUNDS: readonly Sound[] = [
  ...ONSETS,
  ...VOWELS.flatMap((vowel) => CONTOURS.map((contour): Sound => `${vowel}-${contour}`)),
];

export const SPEAKERS = ["agent", "user"] as const;
export type Speaker = (typeof SPEAKERS)[number];
