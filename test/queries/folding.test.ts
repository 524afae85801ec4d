import { expect, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";

/** The queries that compare text without capitals, and the number of texts that each compares. */
const COMPARING: Readonly<Record<string, number>> = {
  "failing-rationales": 1,
  "find-phrase": 2,
  "phrase-missing": 2,
  "phrase-said": 2,
};

/** Queries that make text lower case for another purpose, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "campaign-results": "it compares the words of a fixed list",
  "personal-data": "its pattern has small letters, and the finding is shown",
  "unanswered-questions": "its pattern has each spelling",
};

/** The one expression: small letters, with one sigma, one apostrophe, no separate dot above, and ss for ß. */
const FOLDED = /replace\( ?translate\( ?lower\(.+?\), 'ς’' \|\| chr\(775\), 'σ' \|\| chr\(39\) ?\), 'ß', 'ss' ?\)/g;

test("every query that ignores capitals compares text in the same way", async () => {
  const statements = (await readSavedQueries()).map(({ name, sql, header }) => ({
    name,
    statement: sql.slice(header.length).replaceAll(/--.*/g, "").replaceAll(/\s+/g, " "),
  }));
  const lowered = statements.filter(
    ({ name, statement }) => /\blower\(/.test(statement) && EXCEPTIONS[name] === undefined,
  );
  const folded = lowered.map(({ name, statement }) => [name, statement.match(FOLDED)?.length]);
  expect(Object.fromEntries(folded)).toEqual(COMPARING);
  for (const { statement } of lowered) {
    const others = statement.replaceAll(FOLDED, "").match(/\blower\(/g) ?? [];
    // Texts without the letters that the expression changes need only small letters.
    expect(others.length).toBe(statement.match(/else lower\(/g)?.length ?? 0);
  }
});
