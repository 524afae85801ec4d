/** The length and bit rate of an MP3, from its frames; `null` if it has no readable frame. */
export interface Mp3Facts {
  readonly durationSecs: number | null;
  /** Mean over the frames. */
  readonly bitrateKbps: number | null;
}

/** Reads an MP3 in chunks of any size. Keeps at most the bytes of one header in memory. */
export interface Mp3Meter {
  push(chunk: Uint8Array): void;
  facts(): Mp3Facts;
}

/** Kilobits per second by bit rate index, Layer III (ISO 11172-3 and 13818-3). 0 and 15 are not usable. */
const KBPS_MPEG1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
const KBPS_MPEG2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
/** Samples per second by index, MPEG-1. MPEG-2 has half of it, MPEG-2.5 a quarter. */
const HERTZ = [44_100, 48_000, 32_000, 0];

const FRAME_HEADER = 4;
const ID3_HEADER = 10;

/** Whether these first bytes can begin an MP3: an ID3 tag or the header of a Layer III frame. */
export function beginsLikeMp3(bytes: Uint8Array): boolean {
  return isId3(bytes) || frameAt(bytes) !== undefined;
}

/** A meter for one recording. It reads every frame header, so it is exact for a variable bit rate. */
export function mp3Meter(): Mp3Meter {
  let kept = new Uint8Array(0);
  let toSkip = 0;
  let seconds = 0;
  let kilobits = 0;

  function push(chunk: Uint8Array): void {
    const skipped = Math.min(toSkip, chunk.length);
    toSkip -= skipped;
    const bytes = kept.length > 0 ? Buffer.concat([kept, chunk.subarray(skipped)]) : chunk.subarray(skipped);
    let from = 0;
    while (bytes.length - from >= ID3_HEADER) {
      const length = blockLength(bytes.subarray(from));
      if (length > bytes.length - from) toSkip = length - (bytes.length - from);
      from = Math.min(from + length, bytes.length);
    }
    kept = Uint8Array.from(bytes.subarray(from));
  }

  /** The length of the tag or frame at the start of `bytes`, or the number of bytes until one may begin. */
  function blockLength(bytes: Uint8Array): number {
    if (isId3(bytes)) return id3Length(bytes);
    const frame = frameAt(bytes);
    if (!frame) return nextSync(bytes);
    seconds += frame.seconds;
    kilobits += frame.kbps * frame.seconds;
    return frame.bytes;
  }

  function facts(): Mp3Facts {
    if (seconds === 0) return { durationSecs: null, bitrateKbps: null };
    return { durationSecs: toThousandths(seconds), bitrateKbps: toThousandths(kilobits / seconds) };
  }

  return { push, facts };
}

function nextSync(bytes: Uint8Array): number {
  const sync = bytes.indexOf(0xff, 1);
  return sync === -1 ? bytes.length : sync;
}

function isId3(bytes: Uint8Array): boolean {
  return bytes.length >= ID3_HEADER && bytes[0] === 0x49 && bytes[1] === 0x44 && bytes[2] === 0x33;
}

/** An ID3v2 tag states its length in four bytes of seven bits, without its header and without a footer. */
function id3Length(bytes: Uint8Array): number {
  const [flags = 0, a = 0, b = 0, c = 0, d = 0] = bytes.subarray(5, ID3_HEADER);
  const footer = flags & 0x10 ? ID3_HEADER : 0;
  return ID3_HEADER + (((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f)) + footer;
}

function frameAt(bytes: Uint8Array): { bytes: number; seconds: number; kbps: number } | undefined {
  const [sync = 0, version = 0, rate = 0] = bytes.subarray(0, FRAME_HEADER);
  const isLayer3 = sync === 0xff && (version & 0xe0) === 0xe0 && (version & 0x06) === 0x02;
  const mpeg = (version >> 3) & 0x03;
  if (bytes.length < FRAME_HEADER || !isLayer3 || mpeg === 1) return undefined;
  const isMpeg1 = mpeg === 3;
  const kbps = (isMpeg1 ? KBPS_MPEG1 : KBPS_MPEG2)[rate >> 4] ?? 0;
  const hertz = (HERTZ[(rate >> 2) & 0x03] ?? 0) / (isMpeg1 ? 1 : mpeg === 2 ? 2 : 4);
  if (kbps === 0 || hertz === 0) return undefined;
  const samples = isMpeg1 ? 1152 : 576;
  const padding = (rate >> 1) & 0x01;
  return {
    bytes: Math.floor((samples / 8) * ((kbps * 1000) / hertz)) + padding,
    seconds: samples / hertz,
    kbps,
  };
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
