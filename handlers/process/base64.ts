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
 * Node's own decoder skips invalid characters and returns fewer bytes. So each block is encoded again and compared with
 * what was sent: no text but the valid one is the same.
 *
 * Each block is written into the memory that `memory` returns, of at least `BLOCK_BYTES`. If that is always the same, a
 * block is valid until the next one.
 *
 * @throws Unprocessable for a byte outside the alphabet, missing padding, or leftover bits.
 */
export function* decodedBase64(encoded: Buffer, memory: () => Buffer): Generator<Buffer> {
  if (encoded.length % 4 !== 0) throw new Unprocessable("not base64: its length is not a multiple of four");
  if (encoded.length === 0) return;
  const whole = encoded.length - 4;
  const last = encoded.toString("latin1", whole);
  if (!decoded(last, Buffer.alloc(3))) throw new Unprocessable("not base64: its last four characters are invalid");

  for (let from = 0; from < whole; from += BLOCK) {
    const text = encoded.toString("latin1", from, Math.min(from + BLOCK, whole));
    const block = decoded(text, memory());
    if (!block) throw new Unprocessable("not base64: it contains other characters");
    yield block;
  }
  yield* [decoded(last, memory())].filter((bytes) => bytes !== undefined);
}

/** Whole blocks, of at most 512 KiB: Node writes no more of a chunk at once (`kWriteFileMaxChunkSize`, Node 24). */
const PIECE_BYTES = 7 * BLOCK_BYTES;

/** Decodes base64 like `decodedBase64`, into new pieces of up to half a megabyte: each piece is written in one step. */
export function* piecesOfBase64(encoded: Buffer): Generator<Buffer> {
  let piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let filled = 0;
  for (const block of decodedBase64(encoded, () => piece.subarray(filled))) {
    filled += block.length;
    if (filled + BLOCK_BYTES <= PIECE_BYTES) continue;
    yield piece.subarray(0, filled);
    piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    filled = 0;
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** The bytes of `text`, written into `into`; `undefined` if it is not base64. */
function decoded(text: string, into: Buffer): Buffer | undefined {
  const bytes = into.subarray(0, into.write(text, "base64"));
  return bytes.toString("base64") === text ? bytes : undefined;
}
