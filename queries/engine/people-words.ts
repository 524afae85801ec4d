import { distance } from "fastest-levenshtein";
import { TABLES } from "../tables/all.ts";
import { PARTITION } from "../tables/table.ts";
import { OwnSqlRefused } from "./own-sql.ts";
import { placeOfWord } from "./place.ts";

/** `LINE 1: SELECT foo FROM …` and a line with `^` below the word at fault. */
const POINTER = /\n\nLINE \d+: .*\n *\^/;
/** DuckDB begins and ends a long line with dots. */
const SHOWN_LINE = /\n\nLINE \d+: (.*)\n( *)\^/;

/**
 * DuckDB's error for the statement `translated`, for the person who wrote `sql`: its first sentence, and the place of
 * the word at fault in `sql`.
 */
export function refusalOf(error: string, sql: string, translated: string): OwnSqlRefused {
  const word = wordAtFault(error);
  const offset = offsetAtFault(error, translated);
  if (word === undefined) return new OwnSqlRefused(sentence(error));
  const at = offset === undefined ? undefined : { sql: translated, at: offset };
  return new OwnSqlRefused(sentence(error), placeOfWord(sql, word, at));
}

function sentence(error: string): string {
  const text = error.replace(POINTER, "").trim();
  const [, column] = /^Binder Error: Referenced column "([^"]*)" (?:not found|was not found)/.exec(text) ?? [];
  if (column !== undefined) {
    return `There is no column ${column}.${meant(column, COLUMNS)}`;
  }
  const [, , missing] =
    /^Catalog Error: (Scalar |Table |Aggregate )?Function with name "?(\w+)"? does not exist/.exec(text) ?? [];
  if (missing !== undefined) return `There is no function ${missing}.`;
  if (/^Out of Memory Error/.test(text)) return OUT_OF_MEMORY;
  const [first = ""] = text.replace(/^[A-Z][\w -]* Error: /, "").split("\n");
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** What to do if a statement needs too much memory. */
export const OUT_OF_MEMORY =
  "The statement needs more memory than it may use. Read fewer days (a condition on dt) or fewer columns.";

const COLUMNS = [...new Set(TABLES.flatMap(({ columns }) => [...Object.keys(columns), PARTITION.name]))];

/** The most similar of `names`, as a question. Empty if none is similar. */
export function meant(word: string, names: readonly string[]): string {
  const near = names
    .map((name) => ({ name, edits: distance(word.toLowerCase(), name) }))
    .filter(({ name, edits }) => edits <= Math.max(2, Math.floor(Math.min(word.length, name.length) / 3)))
    .sort((one, other) => one.edits - other.edits)
    .slice(0, 3);
  return near.length > 0 ? ` Did you mean ${near.map(({ name }) => name).join(" or ")}?` : "";
}

function wordAtFault(error: string): string | undefined {
  const [, line = "", before = ""] = SHOWN_LINE.exec(error) ?? [];
  const column = before.length - "LINE 1: ".length;
  const rest = line.slice(Math.max(0, column));
  return /^"([^"]+)"/.exec(rest)?.[1] ?? /^'[^']*'/.exec(rest)?.[0] ?? /^[\w$]+/.exec(rest)?.[0];
}

/** Where the shown part of the line is in the statement, which has one line. */
function offsetAtFault(error: string, translated: string): number | undefined {
  const [, line = "", before = ""] = SHOWN_LINE.exec(error) ?? [];
  const shown = line.replace(/^\.\.\./, "").replace(/\.\.\.$/, "");
  const start = shown === "" ? -1 : translated.indexOf(shown);
  if (start === -1) return undefined;
  return start + before.length - "LINE 1: ".length - (line.startsWith("...") ? 3 : 0);
}
