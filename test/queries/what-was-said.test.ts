import { expect, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { WORDS } from "../../queries/tables/turns.ts";
import { emptyFolder, engineOn, writeLive } from "./analytics-folder.ts";

/** The one condition for an entry that was said. `kind` is null in rows of earlier versions. */
const WAS_SAID = `coalesce(kind, 'said') = 'said' and regexp_like(message, '${WORDS}')`;

/** Queries that read the text of turns with another condition. */
const EXCEPTIONS: readonly { readonly query: string; readonly why: string }[] = [
  { query: "personal-data", why: "text that was not said may have to be redacted, too" },
  { query: "transcript", why: "it lists text that was not said with its kind" },
];

const readers = (await readSavedQueries())
  .map(({ name, sql, reads, header }) => ({ name, reads, statement: statementOf(sql.slice(header.length)) }))
  .filter(({ reads, statement }) => reads.includes("turns") && /\bmessage\b/.test(statement));

test.each(readers)("$name has the one condition for what was said, or a reason for another", ({ name, statement }) => {
  const isException = EXCEPTIONS.some(({ query }) => query === name);
  expect(statement.includes(WAS_SAID)).toBe(!isException);
  const tests = [...statement.matchAll(/regexp_like\(message, ('[^']*')\)|message (?:=|<>|not in|is not null)/g)];
  expect(new Set(tests.map(([, words]) => words ?? "another condition"))).toEqual(
    name === "personal-data" ? new Set() : new Set([`'${WORDS}'`, ...(isException ? ["another condition"] : [])]),
  );
});

test("every exception is a query that reads the text of turns", () => {
  const names = readers.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(EXCEPTIONS.map(({ query }) => query)));
});

test("a query finds words in the same texts as the rows' code", async () => {
  const texts = [
    "",
    " ",
    "\u00a0",
    "...",
    "…",
    "….",
    "—",
    "-",
    "?!",
    "¿?",
    "。",
    "、",
    "«»",
    "\u200b",
    "\ufe0f",
    "\u0301",
  ];
  const words = [
    "a",
    "É",
    "ß",
    "我",
    "は",
    "م",
    "7",
    "٣",
    "½",
    "€",
    "+",
    "👍",
    "🙂",
    "🫠",
    "\ufffd",
    "🏽",
    "♪",
    "^",
    "... no ...",
    "e\u0301",
  ];
  const folder = await emptyFolder();
  const turns = [...texts, ...words].map((message, turn_index) => ({
    dt: "2026-11-01",
    conversation_id: "c1",
    turn_index,
    message,
  }));
  await writeLive(folder, { turns });
  const { rows } = await (await engineOn(folder)).run(
    `select message from turns where ${WAS_SAID} order by turn_index`,
    [],
  );
  expect(rows.flat()).toEqual(words);
  expect(turns.map(({ message }) => message).filter((message) => new RegExp(WORDS, "u").test(message))).toEqual(words);
});

/** One line without comments, and without the names of tables before `kind` and `message`. */
function statementOf(sql: string): string {
  return sql
    .replaceAll(/--.*/g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\b\w+\.(?=kind\b|message\b)/g, "");
}
