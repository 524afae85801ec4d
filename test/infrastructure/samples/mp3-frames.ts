/** The frames of an MP3, read like a decoder: after the tag, from frame header to frame header. */
export interface Mp3Frames {
  readonly recording: Buffer;
  /** The position of the first frame. */
  readonly startsAt: number;
  /** The length of each frame in bytes. */
  readonly frames: readonly number[];
  /** The position after the last frame, or of the first byte that is no header. */
  readonly endsAt: number;
  readonly sampleRate: number;
}

const BITRATES_KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** Reads the frames of an MPEG-1 Layer III file. Written from the standard, not from the generator under test. */
export function mp3Frames(recording: Buffer): Mp3Frames {
  const startsAt = tagLength(recording);
  const frames: number[] = [];
  let position = startsAt;
  let sampleRate = 0;
  while (position + 4 <= recording.length && recording.readUInt16BE(position) >> 1 === 0xfffb >> 1) {
    const flags = recording.readUInt8(position + 2);
    sampleRate = SAMPLE_RATES[(flags >> 2) & 3] ?? 0;
    const bits = (BITRATES_KBPS[flags >> 4] ?? 0) * 1000;
    const bytes = Math.floor((144 * bits) / sampleRate) + ((flags >> 1) & 1);
    frames.push(bytes);
    position += bytes;
  }
  return { recording, startsAt, frames, endsAt: position, sampleRate };
}

function tagLength(recording: Buffer): number {
  if (recording.toString("latin1", 0, 3) !== "ID3") return 0;
  return [6, 7, 8, 9].reduce((length, at) => length * 128 + recording.readUInt8(at), 0) + 10;
}
