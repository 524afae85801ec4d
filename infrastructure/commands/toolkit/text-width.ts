const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
const ASCII = /^[\x20-\x7e]*$/;

/** Letters that take two columns: East Asian wide and fullwidth ones, and what is drawn as an emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** How many columns of a terminal `text` takes. Simple: a letter with its accents is one, an emoji two. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) width += letterWidth(segment);
  return width;
}

/** `text` in at most `width` columns, with … in place of what does not fit. Cuts between letters, never through one. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let room = width - 1;
  for (const { segment } of GRAPHEMES.segment(text)) {
    room -= letterWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** `text` in lines of at most `width` columns, broken between words, and within a word that is longer than a line. */
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

function letterWidth(segment: string): number {
  return WIDE.test(segment) ? 2 : 1;
}
