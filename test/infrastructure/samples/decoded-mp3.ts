import { MPEGDecoder } from "mpg123-decoder";

type Samples = Float32Array | Float64Array;

/** The sound of a mono MP3, from -1 to 1. */
export interface Sound {
  readonly samples: Float32Array;
  readonly hertz: number;
}

/**
 * Decodes a whole MP3 with mpg123.
 *
 * @throws if a frame is not valid.
 */
export async function decodedMp3(mp3: Uint8Array): Promise<Sound> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { channelData, sampleRate, errors } = decoder.decode(mp3);
  decoder.free();
  if (errors.length > 0) throw new Error(`the MP3 is not valid: ${errors[0]?.message}`);
  return { samples: channelData[0] ?? new Float32Array(), hertz: sampleRate };
}

/** The part of `sound` between two seconds. */
export function part({ samples, hertz }: Sound, fromSecs: number, toSecs: number): Float32Array {
  return samples.subarray(Math.round(fromSecs * hertz), Math.round(toSecs * hertz));
}

/** The root mean square: 0 is silent, about 0.7 the loudest tone. */
export function loudness(samples: Samples): number {
  return Math.sqrt(product(samples, samples, 0) / samples.length);
}

/** How much `one` is like `other`: 1 if they are equal, except for their loudness. */
export function likeness(one: Samples, other: Samples, lag = 0): number {
  return product(one, other, lag) / Math.sqrt(product(one, one, 0) * product(other, other, 0));
}

/** The pitch of a voice in hertz, by autocorrelation: the shortest period that repeats nearly as well as the best. */
export function pitch(samples: Samples, hertz: number): number {
  const shortest = Math.round(hertz / 300);
  const lags = Array.from({ length: Math.round(hertz / 70) - shortest }, (_, more) => shortest + more);
  const alike = lags.map((lag) => likeness(samples, samples, lag));
  const best = Math.max(...alike);
  const near = alike.findIndex((each) => each > 0.8 * best);
  // From there up to the top of this peak.
  const top = alike.findIndex((each, at) => at >= near && each > (alike[at + 1] ?? -1));
  return hertz / (lags[top] ?? Number.NaN);
}

/** A loop, because this is most of the time of the tests. */
function product(one: Samples, other: Samples, lag: number): number {
  let sum = 0;
  for (let at = 0; at + lag < one.length; at += 1) sum += (one[at] ?? 0) * (other[at + lag] ?? 0);
  return sum;
}
