import { Unprocessable } from "./unprocessable.ts";

/**
 * In characters. A multiple of four, so that no block ends inside a group. Small, so that V8 does not count its text as
 * a large object, which takes ten times longer.
 */
const BLOCK = 96 * 1024;

/** The most bytes of a decoded block. */
export const BLOCK_BYTES = (BLOCK / 4) * 3;

/**
 * Decodes base64 (RFC 4648 §4, padded) strictly, block by block.
 *
 * Each block is written into the memory that `memory` returns, of at least `BLOCK_BYTES`, for the number of bytes that
 * were decoded before it. If that is always the same, a block is valid until the next one. It may be `encoded` itself,
 * from that number on: what is overwritten was decoded already.
 *
 * @throws Unprocessable for a byte outside the alphabet, missing padding, or leftover bits.
 */
export function* decodedBase64(encoded: Buffer, memory: (before: number) => Buffer): Generator<Buffer> {
  if (encoded.length % 4 !== 0) throw new Unprocessable("not base64: its length is not a multiple of four");
  if (encoded.length === 0) return;
  const whole = encoded.length - 4;
  const last = lastGroup(encoded.toString("latin1", whole));
  for (let from = 0; from < whole; from += BLOCK) {
    const text = encoded.toString("latin1", from, Math.min(from + BLOCK, whole));
    yield decodedGroups(text, memory(bytesOf(from)));
  }
  const end = memory(bytesOf(whole));
  yield end.subarray(0, last.copy(end));
}

/**
 * The bytes of `text`, which has whole groups without padding, written into `into`.
 *
 * Node's own decoder skips invalid characters, so it returns fewer bytes. It accepts the two characters of the alphabet
 * for URLs.
 */
function decodedGroups(text: string, into: Buffer): Buffer {
  const bytes = into.write(text, "base64");
  if (bytes !== bytesOf(text.length) || text.includes("-") || text.includes("_"))
    throw new Unprocessable("not base64: it contains other characters");
  return into.subarray(0, bytes);
}

/** The bytes of the last group. It is encoded again and compared: no text but the valid one is the same. */
function lastGroup(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new Unprocessable("not base64: its last four characters are invalid");
  return bytes;
}

function bytesOf(characters: number): number {
  return (characters / 4) * 3;
}
