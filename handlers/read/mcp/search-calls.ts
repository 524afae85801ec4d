import { z } from "zod";
import type { JsonRow } from "../json-rows.ts";
import { searchPage } from "../search.ts";
import { shortText, shortTexts } from "./fit.ts";
import { pageSection } from "./page.ts";
import { ARGUMENTS, defineTool, limit } from "./tool.ts";

const MOST_TEXT = 400;

/** Finds a phrase in what was said. */
export const searchCalls = defineTool({
  name: "search_calls",
  title: "Search what was said",
  description:
    "Finds where a phrase was said, from the latest day back, with the entries before and after. The phrase is found as " +
    "it is written, without regard to capitals; there are no wildcards and no synonyms, so try several words.",
  input: z.strictObject({
    phrase: ARGUMENTS.text.describe("The text to find. Each character stands for itself."),
    speaker: z.enum(["any", "user", "agent"]).default("any").describe("Who said it: user is the caller."),
    agent: ARGUMENTS.agent,
    from: ARGUMENTS.from,
    to: ARGUMENTS.to,
    cursor: ARGUMENTS.cursor,
    limit: limit(20, 100),
  }),
  async answer({ cursor, limit, ...search }, deps) {
    const show = (row: JsonRow) => {
      const message = around(deps.mask.text(String(row["message"])), search.phrase);
      return shortTexts(deps.mask.json({ ...row, message }), MOST_TEXT);
    };
    const read = (limit: number) => searchPage(search, { cursor, limit }, deps);
    const section = await pageSection("hits", limit, read, show);
    const note = `${section.rows.length} entries contain the phrase. read_call with section transcript has the call around turn_index.`;
    return { note, sections: [section] };
  },
});

/** The part of a long text around the first place of `phrase`. */
function around(text: string, phrase: string): string {
  const place = text.toLowerCase().indexOf(phrase.toLowerCase());
  const begin = Math.max(0, place - MOST_TEXT / 3);
  return text.length <= MOST_TEXT || begin === 0
    ? shortText(text, MOST_TEXT)
    : shortText(`…${text.slice(begin).replace(/^[\udc00-\udfff]/, "")}`, MOST_TEXT);
}
