/** How a line of a terminal is drawn. */
export type Look = "command" | "title" | "plain" | "omission";

/** A line of a terminal. */
export interface Line {
  readonly text: string;
  readonly look: Look;
}

/** Pixels. The width of a letter is fixed, so columns stay aligned in every font. */
const LETTER = 8.4;
const LINE = 19;
const MARGIN = 14;

/**
 * Draws `lines` as an SVG picture of a terminal with `columns` columns.
 *
 * The text is light on a dark card with a border, so it is readable on a light and a dark page. The picture loads no
 * fonts or styles, because GitHub shows it as an image, and images may load nothing.
 */
export function terminalPicture(lines: readonly Line[], columns: number, description: string): string {
  const width = Math.ceil(columns * LETTER) + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN - 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(description)}</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #c9d1d9; white-space: pre }
.command { fill: #7ee787; font-weight: bold }
.title { fill: #ffffff; font-weight: bold }
.omission { fill: #8b949e }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#6e7681"/>
${lines.flatMap(drawn).join("\n")}
</svg>
`;
}

function drawn({ text, look }: Line, n: number): string[] {
  const indent = text.length - text.trimStart().length;
  const words = text.trim();
  if (words === "") return [];
  const x = (MARGIN + indent * LETTER).toFixed(1);
  const y = MARGIN + 12 + n * LINE;
  const length = ([...words].length * LETTER).toFixed(1);
  return [
    `<text class="${look}" x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escaped(words)}</text>`,
  ];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
