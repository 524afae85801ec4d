import { Unprocessable } from "./unprocessable.ts";

/** In bytes. A multiple of four, so that no block ends inside a group; small, so that blocks are collected early. */
const BLOCK = 96 * 1024;

const ALPHABET = /^[A-Za-z0-9+/]*$/;
const LAST_GROUP = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/;

/**
 * Decodes base64 (RFC 4648 §4, padded) strictly, block by block: at most one decoded block is in memory.
 *
 * Node's own decoder skips invalid characters and returns fewer bytes.
 *
 * @throws Unprocessable for a byte outside the alphabet, missing padding, or leftover bits.
 */
export function* decodedBase64(encoded: Buffer): Generator<Buffer> {
  if (encoded.length % 4 !== 0) throw new Unprocessable("not base64: its length is not a multiple of four");
  if (encoded.length === 0) return;
  const last = encoded.toString("latin1", encoded.length - 4);
  const tail = Buffer.from(last, "base64");
  if (!LAST_GROUP.test(last) || tail.toString("base64") !== last)
    throw new Unprocessable("not base64: its last four characters are invalid");

  const whole = encoded.length - 4;
  for (let from = 0; from < whole; from += BLOCK) {
    const block = encoded.toString("latin1", from, Math.min(from + BLOCK, whole));
    if (!ALPHABET.test(block)) throw new Unprocessable("not base64: it contains other characters");
    yield Buffer.from(block, "base64");
  }
  yield tail;
}
