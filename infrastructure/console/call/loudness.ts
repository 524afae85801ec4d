/** The loudness of a recording over time. A value is NaN until its part of the recording was read. */
export interface Loudness {
  readonly levels: Float32Array;
  /** How loud its loudest part is so far. */
  loudest: number;
}

/** The first slice is small, so that something can be seen early. In bytes. */
const FIRST_SLICE = 64 * 1024;
const SLICE = 1024 * 1024;
/** Every browser decodes at this rate. The loudness needs no more. */
const HERTZ = 8_000;
const LEAST_LEVELS = 1_500;
const MOST_LEVELS = 36_000;
/** A recording whose loudest part is below it is silent. */
export const AUDIBLE = 0.002;

/** The loudness of a recording of `length` seconds that was not read yet. */
export function unreadLoudness(length: number): Loudness {
  const count = Math.min(MOST_LEVELS, Math.max(LEAST_LEVELS, Math.ceil(length * 10)));
  return { levels: new Float32Array(count).fill(Number.NaN), loudest: 0 };
}

/**
 * Reads an MP3 into `loudness`, and calls `onSlice` after each slice. A recording of an hour needs the memory of one
 * slice, and the page stays usable, because the browser decodes beside it.
 *
 * @throws if the recording cannot be read or decoded.
 */
export async function readLoudness(
  recording: ReadableStream<Uint8Array<ArrayBuffer>>,
  length: number,
  loudness: Loudness,
  onSlice: () => void,
): Promise<void> {
  const context = new OfflineAudioContext(1, 1, HERTZ);
  let secs = 0;
  for await (const slice of slicesOf(recording)) {
    const audio = await context.decodeAudioData(slice.buffer).catch(() => undefined);
    if (!audio) continue;
    addLevels(audio.getChannelData(0), secs / length, audio.duration / length, loudness);
    secs += audio.duration;
    onSlice();
  }
  if (secs === 0) throw new Error("The recording cannot be decoded");
}

/** Parts of an MP3 that each begin with a frame, so that a decoder reads them one by one. */
async function* slicesOf(recording: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let [chunks, size, limit]: [Uint8Array<ArrayBuffer>[], number, number] = [[], 0, FIRST_SLICE];
  const reader = recording.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      size += part.value.length;
      if (size < limit) continue;
      const bytes = joined(chunks, size);
      const cut = lastFrame(bytes);
      yield bytes.slice(0, cut);
      [chunks, size, limit] = [[bytes.subarray(cut)], bytes.length - cut, SLICE];
    }
    if (size > 0) yield joined(chunks, size);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function joined(chunks: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Where the last Layer III frame header begins. A wrong one costs a frame of the picture, and nothing else. */
function lastFrame(bytes: Uint8Array): number {
  for (let at = bytes.length - 4; at > 0; at--) {
    const [first, second = 0, third = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    if (first === 0xff && (second & 0xe6) === 0xe2 && third >> 4 !== 0xf && third >> 4 !== 0) return at;
  }
  return bytes.length;
}

/** Adds the root mean square of each part of `samples`, which begin at the share `from` of the recording. */
function addLevels(samples: Float32Array, from: number, share: number, loudness: Loudness): void {
  const { levels } = loudness;
  const first = Math.floor(from * levels.length);
  const count = Math.max(1, Math.ceil(share * levels.length));
  for (let place = 0; place < count && first + place < levels.length; place++) {
    const begin = Math.floor((place / count) * samples.length);
    const end = Math.max(begin + 1, Math.floor(((place + 1) / count) * samples.length));
    let sum = 0;
    for (let at = begin; at < end; at++) sum += (samples[at] ?? 0) ** 2;
    const level = Math.sqrt(sum / (end - begin));
    levels[first + place] = level;
    loudness.loudest = Math.max(loudness.loudest, level);
  }
}
