import { isList, type Json } from "./json-value.ts";

/** The most characters of the data in one answer: about 10,000 tokens of English. */
export const MOST_CHARACTERS = 40_000;

/** Follows a text that was shortened. */
export const MORE = "… [shortened]";

/** `text` with at most `most` characters. A character of two halves is not split. */
export function shortText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - MORE.length).replace(/[\ud800-\udbff]$/, "")}${MORE}`;
}

/** `value` with texts of at most `most` characters, and without fields that are null. */
export function shortTexts(value: Json, most: number): Json {
  if (typeof value === "string") return shortText(value, most);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map((each) => shortTexts(each, most));
  const given = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(given.map(([name, each]) => [name, shortTexts(each, most)]));
}

/** How many of the first `rows` have at most `most` characters together. At least one, so that each part goes on. */
export function fittingRows(rows: readonly Json[], most: number): number {
  let sum = 0;
  for (const [n, row] of rows.entries()) {
    sum += charactersOf([row]);
    if (sum > most) return Math.max(1, n);
  }
  return rows.length;
}

/** The first of `rows` as `show` returns them, until they no longer fit into an answer. */
export function enoughRows<Row>(rows: readonly Row[], show: (row: Row) => Json): Json[] {
  const shown: Json[] = [];
  let left = MOST_CHARACTERS;
  for (const row of rows) {
    if (left < 0) break;
    const next = show(row);
    left -= charactersOf([next]);
    shown.push(next);
  }
  return shown;
}

/** The characters of `rows` as JSON, one a line. */
export function charactersOf(rows: readonly Json[]): number {
  return rows.reduce<number>((sum, row) => sum + JSON.stringify(row).length + 1, 0);
}
