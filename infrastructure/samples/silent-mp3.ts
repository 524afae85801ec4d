/** MPEG-1 Layer III, no CRC, 128 kbit/s, 44.1 kHz, mono: the frame header in ElevenLabs' recordings of 2025-11. */
const FRAME_HEADER = 0xfffb90c4;
const PADDED = 0x200;

const SAMPLES_PER_SECOND = 44_100;
const SAMPLES_PER_FRAME = 1152;

/** 144 * 128000 / 44100 bytes. This is not a whole number, so most frames have one byte of padding. */
const FRAME_BYTES = { numerator: 20_480, denominator: 49 };

/**
 * An MP3 of `seconds` of silence, to the nearest frame (26 ms), with 16 kB a second.
 *
 * The title is in an ID3v2.4 tag, so two recordings of the same length differ. After its header, a frame contains only
 * zeros, which every decoder plays as silence.
 */
export function silentMp3({ seconds, title }: { seconds: number; title: string }): Buffer {
  const frames = Math.round((seconds * SAMPLES_PER_SECOND) / SAMPLES_PER_FRAME);
  const sound = Buffer.alloc(frameStart(frames));
  for (let frame = 0; frame < frames; frame += 1) {
    const start = frameStart(frame);
    const isPadded = frameStart(frame + 1) - start > Math.floor(FRAME_BYTES.numerator / FRAME_BYTES.denominator);
    sound.writeUInt32BE(isPadded ? FRAME_HEADER + PADDED : FRAME_HEADER, start);
  }
  return Buffer.concat([titleTag(title), sound]);
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
