import { Mp3Encoder } from "@breezystack/lamejs";
import { SAMPLES_PER_FRAME, SAMPLES_PER_SECOND } from "../mp3-file.ts";

/**
 * The bit rate of the encoder, the lowest at which LAME does not lower the sample rate. Later the frames are in files
 * of 128 kbit/s, which only adds unused bytes.
 */
const KBPS = 64;
/** 144 * 64000 / 44100 bytes, without padding. */
const FRAME_BYTES = 208;

const HEADER_BYTES = 4;
const SIDE_INFO_BYTES = 17;
/** The bits of the side information before the first granule, and of each of the two granules, in mono. */
const BITS = { before: 18, granule: 59, length: 12 };

/** The samples by which LAME and a decoder together delay the sound. */
const DELAY = 1105;
/** Silence before the sound, in frames. */
const LEAD = 4;

/**
 * The frames of `samples`, which must fill whole frames: side information and main data, without unused bytes.
 *
 * The encoder uses no bit reservoir, so that each frame can be decoded wherever it is in a file.
 */
export function encodedFrames(samples: Float64Array): Buffer[] {
  const count = samples.length / SAMPLES_PER_FRAME;
  const pcm = new Int16Array((LEAD + count + 3) * SAMPLES_PER_FRAME);
  pcm.set(
    Int16Array.from(samples, (sample) => Math.round(sample * 0x7fff)),
    LEAD * SAMPLES_PER_FRAME - DELAY,
  );
  const encoder = new Mp3Encoder(1, SAMPLES_PER_SECOND, KBPS);
  // Its types state unsigned bytes, but the encoder returns signed ones.
  const mp3 = Buffer.concat([encoder.encodeBuffer(pcm), encoder.flush()].map((bytes) => Uint8Array.from(bytes)));
  return contentsOf(mp3)
    .slice(LEAD, LEAD + count)
    .map(withoutUnusedBytes);
}

function contentsOf(mp3: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES < mp3.length; ) {
    const padding = (mp3.readUInt8(at + 2) >> 1) & 1;
    frames.push(mp3.subarray(at + HEADER_BYTES, at + FRAME_BYTES + padding));
    at += FRAME_BYTES + padding;
  }
  return frames;
}

/** @throws if the frame refers to the one before. */
function withoutUnusedBytes(frame: Buffer): Buffer {
  if (bitsAt(frame, 0, 9) !== 0) throw new Error("the frame needs bytes of the frame before");
  const bits = [0, 1].map((granule) => bitsAt(frame, BITS.before + granule * BITS.granule, BITS.length));
  return frame.subarray(0, SIDE_INFO_BYTES + Math.ceil(((bits[0] ?? 0) + (bits[1] ?? 0)) / 8));
}

function bitsAt(bytes: Buffer, from: number, count: number): number {
  return (bytes.readUInt32BE(from >> 3) >>> (32 - (from & 7) - count)) & (2 ** count - 1);
}
