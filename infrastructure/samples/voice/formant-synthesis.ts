import { SAMPLES_PER_FRAME, SAMPLES_PER_SECOND } from "../mp3-file.ts";
import { seededRandom } from "../random.ts";
import { CONTOURS, type Contour, type Onset, type Sound, type Speaker, VOWELS, type Vowel } from "./sounds.ts";

/** The pitch in hertz, and the factor by which a shorter throat raises the formants. */
const VOICES: Readonly<Record<Speaker, { readonly pitch: number; readonly throat: number }>> = {
  agent: { pitch: 190, throat: 1.15 },
  user: { pitch: 110, throat: 0.97 },
};

/** The time in which the mouth moves from a consonant to a vowel. */
const MOVING_SAMPLES = 0.06 * SAMPLES_PER_SECOND;

type Formants = readonly [number, number, number, number];

/** The resonances of an adult's throat in hertz, about those that Peterson and Barney measured in 1952. */
const FORMANTS: Readonly<Record<Vowel | "neutral" | "nose", Formants>> = {
  a: [730, 1150, 2500, 3500],
  e: [500, 1850, 2550, 3500],
  i: [290, 2250, 3000, 3600],
  o: [480, 900, 2450, 3400],
  u: [320, 780, 2300, 3300],
  neutral: [500, 1500, 2500, 3500],
  nose: [260, 1100, 2200, 3200],
};
const BANDWIDTHS: Formants = [70, 100, 140, 200];

/** The pitch at the beginning and at the end of a syllable, as factors. */
const PITCH: Readonly<Record<Contour, readonly [from: number, to: number]>> = {
  high: [1.12, 1.05],
  level: [1.02, 0.96],
  fall: [1.0, 0.72],
  rise: [1.0, 1.32],
};

/** A syllable is cut where the next one begins, so a vowel is as long as a slow syllable. */
const FRAMES: Readonly<Record<Onset | "vowel", number>> = { vowel: 12, stop: 2, hiss: 4, hum: 3 };

/** Loudness of the loudest sample, 1 being full scale. */
const PEAKS: Readonly<Record<Onset | "vowel", number>> = { vowel: 0.6, stop: 0.25, hiss: 0.12, hum: 0.25 };

/** The samples of `sound` in the voice of `speaker`, from -1 to 1. They fill whole frames and end in silence. */
export function soundSamples(speaker: Speaker, sound: Sound): Float64Array {
  const kind = isOnset(sound) ? sound : "vowel";
  const count = FRAMES[kind] * SAMPLES_PER_FRAME;
  const samples = isOnset(sound) ? onset(speaker, sound, count) : vowel(speaker, sound, count);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.map((sample) => (sample * PEAKS[kind]) / peak);
}

function isOnset(sound: Sound): sound is Onset {
  return !sound.includes("-");
}

function onset(speaker: Speaker, kind: Onset, count: number): Float64Array {
  if (kind === "hum") {
    const voiced = resonant(pulses(VOICES[speaker].pitch, [1, 1], count), speaker, FORMANTS.nose, FORMANTS.nose);
    return faded(voiced, 0.015, 0.02);
  }
  const random = seededRandom(1);
  const noise = new Float64Array(count).map(() => random.between(-1, 1));
  if (kind === "hiss")
    return faded(
      resonated(noise, () => 5200, 1800),
      0.03,
      0.04,
    );
  // The lips or the tongue close, which is silent, and open.
  const opens = 0.6 * count;
  return resonated(noise, () => 2400, 1500).map((sample, at) =>
    at < opens ? 0 : sample * Math.exp((opens - at) / (0.006 * SAMPLES_PER_SECOND)),
  );
}

function vowel(speaker: Speaker, sound: Sound, count: number): Float64Array {
  const name = VOWELS.find((each) => sound.startsWith(`${each}-`)) ?? "a";
  const contour = CONTOURS.find((each) => sound.endsWith(each)) ?? "level";
  const source = pulses(VOICES[speaker].pitch, PITCH[contour], count);
  const voiced = resonant(source, speaker, FORMANTS.neutral, FORMANTS[name]);
  const dying = voiced.map((sample, at) => sample * Math.exp(-at / (0.4 * SAMPLES_PER_SECOND)));
  return faded(dying, 0.02, 0.08);
}

/** The air that passes the vocal folds, as it changes: a rise, a faster fall, and a rest in each period. */
function pulses(pitch: number, [from, to]: readonly [number, number], count: number): Float64Array {
  const random = seededRandom(2);
  let phase = 0;
  let before = 0;
  return new Float64Array(count).map((_, at) => {
    phase = (phase + (pitch * (from + ((to - from) * at) / count)) / SAMPLES_PER_SECOND) % 1;
    const air = flow(phase) + random.between(-0.004, 0.004);
    const change = air - before;
    before = air;
    return change;
  });
}

function flow(phase: number): number {
  if (phase < 0.4) return (1 - Math.cos((Math.PI * phase) / 0.4)) / 2;
  return phase < 0.56 ? Math.cos(((Math.PI / 2) * (phase - 0.4)) / 0.16) : 0;
}

/** `source` in a throat whose shape changes `from` one sound `to` another, as it does between consonant and vowel. */
function resonant(source: Float64Array, speaker: Speaker, from: Formants, to: Formants): Float64Array {
  const { throat } = VOICES[speaker];
  return BANDWIDTHS.reduce((sound, bandwidth, index) => {
    const [first = 0, last = 0] = [from[index], to[index]];
    const hertzAt = (at: number) => throat * (first + (last - first) * Math.min(1, at / MOVING_SAMPLES));
    return resonated(sound, hertzAt, bandwidth);
  }, source);
}

/** A resonator with two poles, as in the synthesizer that Klatt described in 1980. */
function resonated(source: Float64Array, hertzAt: (at: number) => number, bandwidth: number): Float64Array {
  let [last, beforeLast] = [0, 0];
  const c = -Math.exp((-2 * Math.PI * bandwidth) / SAMPLES_PER_SECOND);
  const radius = Math.exp((-Math.PI * bandwidth) / SAMPLES_PER_SECOND);
  return source.map((sample, at) => {
    const b = 2 * radius * Math.cos((2 * Math.PI * hertzAt(at)) / SAMPLES_PER_SECOND);
    const sound = (1 - b - c) * sample + b * last + c * beforeLast;
    [last, beforeLast] = [sound, last];
    return sound;
  });
}

/** `samples` that become louder for `inSecs` at their beginning, and quieter for `outSecs` at their end. */
function faded(samples: Float64Array, inSecs: number, outSecs: number): Float64Array {
  const { length } = samples;
  return samples.map((sample, at) => sample * ramp(at, inSecs) * ramp(length - 1 - at, outSecs));
}

function ramp(at: number, seconds: number): number {
  return (1 - Math.cos(Math.PI * Math.min(1, at / (seconds * SAMPLES_PER_SECOND)))) / 2;
}
