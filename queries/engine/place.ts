import type { Place } from "./own-sql.ts";

/** Comments and texts of SQL, in which a word is not a name. */
const NOT_NAMES = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)/g;

/** The place of the characters from `start` to `end` of `sql`. */
export function placeAt(sql: string, start: number, end: number): Place {
  const before = sql.slice(0, start).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length: Math.max(1, end - start) };
}

/**
 * The place in `sql` of the `word` that an error of the translated statement is about. `at` is the word's place there.
 *
 * A translation keeps the order of names. So the word at fault is as many occurrences from the start in both. If that
 * is not so, it is the first one. Returns `undefined` if `sql` does not have the word.
 */
export function placeOfWord(
  sql: string,
  word: string,
  translated?: { readonly sql: string; readonly at: number },
): Place | undefined {
  const found = occurrences(sql, word);
  const before = translated ? occurrences(translated.sql, word).filter((start) => start < translated.at).length : 0;
  const start = found[before] ?? found[0];
  return start === undefined ? undefined : placeAt(sql, start, start + word.length);
}

function occurrences(sql: string, word: string): number[] {
  const names = sql.replace(NOT_NAMES, (skipped) => (skipped === `'${word}'` ? skipped : " ".repeat(skipped.length)));
  const pattern = new RegExp(`(?<![\\w$])${RegExp.escape(word)}(?![\\w$])`, "gi");
  return [...names.matchAll(pattern)].map(({ index }) => index);
}
