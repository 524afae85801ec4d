import { stripVTControlCharacters } from "node:util";
import type { Answer, Cell } from "./query-engine.ts";
import { cutToWidth, textWidth } from "./text-width.ts";

const GAP = "  ";

/** A column of text is not cut below this, however narrow the terminal. */
const NARROWEST = 8;

/**
 * `answer` as aligned text for people, ending in how many rows there are.
 *
 * Numbers stand at the right, an empty cell is a null, times are UTC. A line break or control character of
 * a message cannot disturb the terminal: it is shown as a space or left out. With a `width`, the widest
 * columns of text are cut until the lines fit in it, if that is possible.
 */
export function textTable(answer: Answer, width = Number.POSITIVE_INFINITY): string {
  const cells = answer.rows.map((row) => row.map(cellText));
  const isNumber = answer.columns.map((_, index) => answer.rows.some((row) => isNumeric(row[index])));
  const wanted = answer.columns.map(({ name }, index) =>
    cells.reduce((widest, row) => Math.max(widest, textWidth(row[index] ?? "")), textWidth(name)),
  );
  const widths = fitted(wanted, isNumber, width - GAP.length * (wanted.length - 1));

  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => padded(text, widths[index] ?? 0, isNumber[index] ?? false))
      .join(GAP)
      .trimEnd();

  return [
    line(answer.columns.map(({ name }) => name)),
    widths.map((columns) => "-".repeat(columns)).join(GAP),
    ...cells.map(line),
    closing(cells.length),
    "",
  ].join("\n");
}

function closing(rows: number): string {
  if (rows === 0) return "(no rows)";
  return rows === 1 ? "1 row" : `${rows} rows`;
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (cell instanceof Date) return cell.toISOString().replace("T", " ").replace(".000", "");
  const text = stripVTControlCharacters(String(cell)).replace(/\s+/g, " ");
  return text.replace(/\p{Cc}/gu, "");
}

function isNumeric(cell: Cell | undefined): boolean {
  return typeof cell === "number" || typeof cell === "bigint";
}

function padded(text: string, width: number, atTheRight: boolean): string {
  const cut = cutToWidth(text, width);
  const padding = " ".repeat(width - textWidth(cut));
  return atTheRight ? padding + cut : cut + padding;
}

/** `wanted` widths such that they fit in `room`: the widest columns of text give way first, numbers never do. */
function fitted(wanted: readonly number[], isNumber: readonly boolean[], room: number): number[] {
  const widths = [...wanted];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...widths.filter((_, index) => !isNumber[index]));
    if (!(widest > NARROWEST)) break;
    widths[widths.findIndex((width, index) => width === widest && !isNumber[index])] = widest - 1;
    excess -= 1;
  }
  return widths;
}
