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
const SYNC = 0xff;

/** A Layer III frame, as its header states it. */
interface Frame {
  readonly bytes: number;
  readonly seconds: number;
  readonly kilobits: number;
}

/** The frames by the version (two bits) and the third byte of their header; `undefined` if no frame has them. */
const FRAMES = Array.from({ length: 4 * 256 }, (_, index) => frameOf(index >> 8, index & 0xff));

/** Whether these first bytes can begin an MP3: an ID3 tag or the header of a Layer III frame. */
export function beginsLikeMp3(bytes: Uint8Array): boolean {
  const isTag = bytes.length >= ID3_HEADER && isId3At(bytes, 0);
  return isTag || (bytes.length >= FRAME_HEADER && frameAt(bytes, 0) !== undefined);
}

/**
 * A meter for one recording. It reads every frame header, so it is exact for a variable bit rate. Whatever the sizes of
 * the chunks, the result is the same.
 */
export function mp3Meter(): Mp3Meter {
  /** The end of the last chunk, where a header may begin. */
  let kept = new Uint8Array(0);
  /** How much of a tag or a frame was not pushed yet. */
  let toSkip = 0;
  /** Whether neither a tag nor a frame was where one should be. The next one then begins with a sync byte. */
  let isLost = false;
  let seconds = 0;
  let kilobits = 0;

  function push(chunk: Uint8Array): void {
    const from = kept.length > 0 ? walkKept(chunk) : toSkip;
    if (from === undefined) return;
    const at = walk(chunk, from, chunk.length);
    toSkip = Math.max(0, at - chunk.length);
    kept = Uint8Array.from(chunk.subarray(at));
  }

  /** Reads the headers that begin in `kept`. Returns where the next one is in `chunk`, unless `chunk` is too short. */
  function walkKept(chunk: Uint8Array): number | undefined {
    const joined = Buffer.concat([kept, chunk.subarray(0, ID3_HEADER - 1)]);
    const at = walk(joined, 0, kept.length);
    if (at >= kept.length) return at - kept.length;
    kept = Uint8Array.from(joined.subarray(at));
    return undefined;
  }

  /** Reads the headers from `from` to before `end`, if they are whole. Returns where the next one is. */
  function walk(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    while (at < end) {
      if (isLost) at = nextSync(bytes, at);
      isLost = at === bytes.length;
      if (bytes.length - at < ID3_HEADER) return at;
      if (isId3At(bytes, at)) at += id3Length(bytes, at);
      else at += frameLength(frameAt(bytes, at));
    }
    return at;
  }

  /** Counts a frame, and returns its length. Without a frame, the next one may begin at the next byte. */
  function frameLength(frame: Frame | undefined): number {
    isLost = frame === undefined;
    if (!frame) return 1;
    seconds += frame.seconds;
    kilobits += frame.kilobits;
    return frame.bytes;
  }

  function facts(): Mp3Facts {
    if (seconds === 0) return { durationSecs: null, bitrateKbps: null };
    return { durationSecs: toThousandths(seconds), bitrateKbps: toThousandths(kilobits / seconds) };
  }

  return { push, facts };
}

/** The position of the next sync byte, or the length of `bytes`. */
function nextSync(bytes: Uint8Array, from: number): number {
  if (bytes[from] === SYNC) return from;
  const sync = bytes.indexOf(SYNC, from);
  return sync === -1 ? bytes.length : sync;
}

function isId3At(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x49 && bytes[at + 1] === 0x44 && bytes[at + 2] === 0x33;
}

/** An ID3v2 tag states its length in four bytes of seven bits, without its header and without a footer. */
function id3Length(bytes: Uint8Array, at: number): number {
  const [flags = 0, a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at + 5, at + ID3_HEADER);
  const footer = flags & 0x10 ? ID3_HEADER : 0;
  return ID3_HEADER + (((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f)) + footer;
}

function frameAt(bytes: Uint8Array, at: number): Frame | undefined {
  const version = bytes[at + 1] ?? 0;
  const isLayer3 = bytes[at] === SYNC && (version & 0xe0) === 0xe0 && (version & 0x06) === 0x02;
  return isLayer3 ? FRAMES[(((version >> 3) & 0x03) << 8) | (bytes[at + 2] ?? 0)] : undefined;
}

/** The frame with this version, 3 for MPEG-1, 2 for MPEG-2, 0 for MPEG-2.5, and this byte of rates and padding. */
function frameOf(mpeg: number, rate: number): Frame | undefined {
  const isMpeg1 = mpeg === 3;
  const kbps = (isMpeg1 ? KBPS_MPEG1 : KBPS_MPEG2)[rate >> 4] ?? 0;
  const hertz = (HERTZ[(rate >> 2) & 0x03] ?? 0) / (isMpeg1 ? 1 : mpeg === 2 ? 2 : 4);
  if (mpeg === 1 || kbps === 0 || hertz === 0) return undefined;
  const samples = isMpeg1 ? 1152 : 576;
  const padding = (rate >> 1) & 0x01;
  const seconds = samples / hertz;
  return {
    bytes: Math.floor((samples / 8) * ((kbps * 1000) / hertz)) + padding,
    seconds,
    kilobits: kbps * seconds,
  };
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
