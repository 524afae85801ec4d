import { framesIn } from "../mp3-file.ts";
import { framesOf, quieter } from "./sound-bank.ts";
import type { Speaker } from "./sounds.ts";
import { type Syllable, syllables } from "./syllables.ts";

/** Words that are spoken from one second of a call to another. */
export interface SpokenTurn {
  readonly speaker: Speaker;
  readonly text: string;
  readonly fromSecs: number;
  readonly toSecs: number;
}

/** A vowel is never shorter. A consonant that leaves less is not spoken. */
const LEAST_VOWEL_FRAMES = 3;

/** How much quieter the end of a syllable is that the next one cuts. */
const CUT_DECIBELS = [9, 24] as const;

/** The frames in which `turns` are audible, by their place in the recording. Each syllable begins with a frame. */
export function speech(turns: readonly SpokenTurn[]): Map<number, Uint8Array> {
  return new Map(turns.flatMap(spokenFrames));
}

function spokenFrames({ speaker, text, fromSecs, toSecs }: SpokenTurn): [place: number, frame: Uint8Array][] {
  const placeOf = (share: number) => framesIn(fromSecs + share * (toSecs - fromSecs));
  const spoken = syllables(text);
  return spoken.flatMap((syllable, index) => {
    const from = placeOf(syllable.at);
    const to = placeOf(spoken[index + 1]?.at ?? 1);
    return syllableFrames(speaker, syllable, to - from).map((frame, place) => [from + place, frame]);
  });
}

function syllableFrames(speaker: Speaker, { onset, vowel, contour }: Syllable, most: number): readonly Uint8Array[] {
  const consonant = onset ? framesOf(speaker, onset) : [];
  const voiced = framesOf(speaker, `${vowel}-${contour}`);
  const frames = most < consonant.length + LEAST_VOWEL_FRAMES ? voiced : [...consonant, ...voiced];
  if (frames.length <= most) return frames;
  return frames.slice(0, most).map((frame, place) => (place === most - 1 ? quieter(frame, CUT_DECIBELS) : frame));
}
