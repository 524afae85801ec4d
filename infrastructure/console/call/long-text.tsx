import { useState } from "react";
import { countText } from "../parts/format.ts";

/** A longer text is folded to its beginning. */
const FOLDED_LETTERS = 1_200;
const FOLDED_FROM = 2_000;
/** More of it appears in parts of this size, so that a text of megabytes does not stop the page. */
const PART_LETTERS = 20_000;

/** A text as it is: markup, control characters and other scripts are shown and never interpreted. Long ones are folded. */
export function LongText({ text }: { readonly text: string }) {
  const [shown, setShown] = useState(FOLDED_LETTERS);
  if (text.length <= FOLDED_FROM) return <bdi>{visible(text)}</bdi>;
  const beginning = cut(text, shown);
  const rest = text.length - beginning.length;
  return (
    <>
      <bdi>{visible(beginning)}</bdi>
      {rest > 0 && "… "}
      <span className="more">
        {rest > 0 && (
          <button
            type="button"
            className="link"
            onClick={(event) => {
              event.stopPropagation();
              setShown(shown + PART_LETTERS);
            }}
          >
            Show {rest > PART_LETTERS ? `${countText(PART_LETTERS)} more of ${countText(rest)}` : countText(rest)}{" "}
            letters
          </button>
        )}
        {shown > FOLDED_LETTERS && (
          <button
            type="button"
            className="link"
            onClick={(event) => {
              event.stopPropagation();
              setShown(FOLDED_LETTERS);
            }}
          >
            Fold
          </button>
        )}
      </span>
    </>
  );
}

/** Control characters as pictures, so that an escape sequence is seen. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it replaces.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (letter) =>
    letter === "\u007f" ? "\u2421" : String.fromCharCode(0x2400 + letter.charCodeAt(0)),
  );
}

/** The beginning of a text, without half of a character at its end. */
function cut(text: string, letters: number): string {
  const beginning = text.slice(0, letters);
  return /[\ud800-\udbff]$/.test(beginning) ? beginning.slice(0, -1) : beginning;
}
