import { createHash } from "node:crypto";

/** What a part of a key may consist of. */
const PLAIN = /^[A-Za-z0-9_-]+$/;

/**
 * `text` as a part of a key: letters, digits, `_` and `-`, at most `maxLength` of them.
 *
 * What already is such a part stays as it is. Anything else is written with dashes and the first eight
 * digits of its SHA-256, so that two different texts do not meet and none can leave its prefix.
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

/** In UTF-8 all halves of cut-off emoji are the same three bytes; in UTF-16 they differ. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text, text.isWellFormed() ? "utf8" : "utf16le");
}
