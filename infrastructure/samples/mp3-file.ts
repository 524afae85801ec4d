/** MPEG-1 Layer III, no CRC, 128 kbit/s, 44.1 kHz, mono: the frame header in ElevenLabs' recordings of 2025-11. */
const FRAME_HEADER = 0xfffb90c4;
const PADDED = 0x200;
const HEADER_BYTES = 4;

export const SAMPLES_PER_SECOND = 44_100;
export const SAMPLES_PER_FRAME = 1152;

/** 144 * 128000 / 44100 bytes. This is not a whole number, so most frames have one byte of padding. */
const FRAME_BYTES = { numerator: 20_480, denominator: 49 };

/** The number of frames that last `seconds`, to the nearest frame (26 ms). */
export function framesIn(seconds: number): number {
  return Math.round((seconds * SAMPLES_PER_SECOND) / SAMPLES_PER_FRAME);
}

/**
 * An MP3 of `count` frames with a constant bit rate, 16 kB a second.
 *
 * `sounds` has the content of some frames by their place: side information and main data, which must not refer to the
 * frame before. Every decoder plays the other frames, which contain only zeros, as silence. The title is in an ID3v2.4
 * tag, so two recordings with the same frames differ.
 */
export function mp3File(title: string, count: number, sounds: ReadonlyMap<number, Uint8Array>): Buffer {
  const frames = Buffer.alloc(frameStart(count));
  for (let place = 0; place < count; place += 1) {
    const start = frameStart(place);
    const isPadded = frameStart(place + 1) - start > Math.floor(FRAME_BYTES.numerator / FRAME_BYTES.denominator);
    frames.writeUInt32BE(isPadded ? FRAME_HEADER + PADDED : FRAME_HEADER, start);
    const sound = sounds.get(place);
    if (sound) frames.set(sound, start + HEADER_BYTES);
  }
  return Buffer.concat([titleTag(title), frames]);
}

function frameStart(frame: number): number {
  return Math.floor((frame * FRAME_BYTES.numerator) / FRAME_BYTES.denominator);
}

function titleTag(title: string): Buffer {
  const utf8 = Buffer.concat([Buffer.of(3), Buffer.from(title)]);
  const frame = Buffer.concat([Buffer.from("TIT2"), syncSafe(utf8.length), Buffer.of(0, 0), utf8]);
  return Buffer.concat([Buffer.from("ID3"), Buffer.of(4, 0, 0), syncSafe(frame.length), frame]);
}

/** A length in ID3's format: seven bits a byte, so that no tag looks like the start of a frame. */
function syncSafe(length: number): Buffer {
  return Buffer.of((length >> 21) & 0x7f, (length >> 14) & 0x7f, (length >> 7) & 0x7f, length & 0x7f);
}
