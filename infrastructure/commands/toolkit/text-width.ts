import stringWidth from "string-width";

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The number of terminal columns that `text` needs. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** Cuts `text` to at most `width` columns; … replaces what does not fit. Cuts between letters, never through one. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let available = width - 1;
  for (const { segment } of GRAPHEMES.segment(text)) {
    available -= textWidth(segment);
    if (available < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Wraps `text` into lines of at most `width` columns, between words, or within a word that is longer than a line. */
export function wrappedToWidth(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => pieces(each, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  if (textWidth(word) <= width) return [word];
  const found = [""];
  for (const { segment } of GRAPHEMES.segment(word)) {
    if (textWidth(found.at(-1) + segment) > width) found.push("");
    found.push(found.pop() + segment);
  }
  return found;
}
