import { stripVTControlCharacters } from "node:util";

/** Control characters except the line break and the tab, and those that change the direction of other text. */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Characters that no person sees, and that can spell a text for a model: tags, and the supplement of variation selectors. */
const HIDDEN = /[\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * `text` without escape sequences of terminals, control characters, characters that change the direction of other text,
 * and hidden text. Line breaks and tabs stay. A half of a pair of surrogates becomes U+FFFD.
 */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replace(CONTROLS, (control) => (control === "\n" || control === "\t" ? control : ""))
    .replace(HIDDEN, "");
}
