import { createHash } from "node:crypto";

/** The characters that a part of a key may contain. */
const PLAIN = /^[A-Za-z0-9_-]+$/;

/**
 * `text` as a part of a key: letters, digits, `_` and `-`, at most `maxLength` of them.
 *
 * A text that is already such a part is returned unchanged. In any other text, dashes replace the other characters, and
 * the first eight digits of its SHA-256 follow. So two different texts get different slugs, and no text leaves its
 * prefix.
 */
export function slugged(text: string, maxLength = 128): string {
  if (PLAIN.test(text) && text.length <= maxLength) return text;
  const hash = createHash("sha256").update(bytesOf(text)).digest("hex").slice(0, 8);
  const words = text
    .slice(0, 4 * maxLength)
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .slice(0, maxLength - hash.length - 1)
    .replace(/^-+|-+$/g, "");
  return words ? `${words}-${hash}` : hash;
}

/** The bytes to hash. In UTF-8, lone surrogates (halves of emoji) are all the same bytes; in UTF-16 they differ. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text, text.isWellFormed() ? "utf8" : "utf16le");
}
