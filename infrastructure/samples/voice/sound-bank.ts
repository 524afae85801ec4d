import bank from "./sound-bank.json" with { type: "json" };
import type { Sound, Speaker } from "./sounds.ts";

const decoded = new Map<string, readonly Uint8Array[]>();

/** The MP3 frames of `sound`, for `mp3File`. They are decoded from base64 once. */
export function framesOf(speaker: Speaker, sound: Sound): readonly Uint8Array[] {
  const name = `${speaker} ${sound}`;
  const frames = decoded.get(name) ?? bank[speaker][sound].split(" ").map((text) => Buffer.from(text, "base64"));
  decoded.set(name, frames);
  return frames;
}

/** The bits at which the loudness (`global_gain`, eight bits) of the two granules of a frame begins. */
const GAINS_AT = [39, 98] as const;

/** A step of `global_gain` is a quarter of a factor of 2. */
const DECIBELS_A_STEP = 1.505;

/** `frame` with its two granules, 13 ms each, quieter by these decibels. */
export function quieter(frame: Uint8Array, decibels: readonly [number, number]): Uint8Array {
  const changed = Buffer.from(frame);
  for (const [granule, bit] of GAINS_AT.entries()) {
    const word = changed.readUInt16BE(bit >> 3);
    const shift = 8 - (bit & 7);
    const gain = ((word >> shift) & 0xff) - Math.round((decibels[granule] ?? 0) / DECIBELS_A_STEP);
    changed.writeUInt16BE((word & ~(0xff << shift)) | (Math.max(0, gain) << shift), bit >> 3);
  }
  return changed;
}
