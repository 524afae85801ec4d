import { expect, test } from "vitest";
import { savedQuery } from "../../../queries/engine/saved-queries.ts";

const SQL = `-- Who was asked,
-- and why?
--
-- Topic:      content
-- Grain:      one row per person
-- Parameters: 1 from   date   30 days ago  first UTC day
--             2 phrase string required     what to look for
--             3 side   us|them them        who said it
-- Reads:      turns, conversations
-- Chart:      bar asked by person, day
--
-- A note that is not read by machine.

select 1 -- not the header
`;

test("returns the fields of the header", () => {
  expect(savedQuery("who", SQL)).toEqual({
    name: "who",
    topic: "content",
    question: "Who was asked, and why?",
    grain: "one row per person",
    parameters: [
      { name: "from", type: "date", default: "30 days ago", meaning: "first UTC day" },
      { name: "phrase", type: "string", meaning: "what to look for" },
      { name: "side", type: "string", default: "them", meaning: "who said it", choices: ["us", "them"] },
    ],
    reads: ["turns", "conversations"],
    chart: { kind: "bar", value: "asked", labels: ["person", "day"] },
    header: expect.stringMatching(/^Who was asked,[\s\S]*A note that is not read by machine\.$/),
    sql: SQL,
  });
});

test("a query may have no chart", () => {
  expect(savedQuery("who", SQL.replace(/-- Chart.*\n/, ""))).not.toHaveProperty("chart");
});

test("a query may have no parameters", () => {
  const sql = SQL.replace(/-- Parameters:[\s\S]*(?=-- Reads)/, "-- Parameters: none\n");
  expect(savedQuery("who", sql).parameters).toEqual([]);
});

test("lines may end with CRLF", () => {
  const { sql: _, ...windows } = savedQuery("who", SQL.replaceAll("\n", "\r\n"));
  expect(windows).toEqual(
    expect.objectContaining({ question: "Who was asked, and why?", reads: ["turns", "conversations"] }),
  );
});

test.each([
  ["no question", /^[\s\S]*?--\n/, "", "who.sql: its header has no"],
  ["no topic", /-- Topic.*\n/, "", 'who.sql: its header has no "Topic:"'],
  ["an unknown topic", "content", "weather", "who.sql: its topic is not one of volume, outcome,"],
  ["a chart of another kind", "bar asked", "pie asked", "who.sql: its chart is not"],
  ["a chart without labels", " by person, day", "", "who.sql: its chart is not"],
  ["no grain", /-- Grain.*\n/, "", 'who.sql: its header has no "Grain:"'],
  ["an empty grain", "one row per person", "", 'who.sql: its header has no "Grain:"'],
  ["an empty list of tables", "turns, conversations", "", 'who.sql: its header has no "Reads:"'],
  ["no parameters", /-- Parameters:[\s\S]*(?=-- Reads)/, "", 'who.sql: its header has no "Parameters:"'],
  ["no tables", /-- Reads.*\n/, "", 'who.sql: its header has no "Reads:"'],
  ["a skipped number", "2 phrase", "3 phrase", "who.sql: parameter 2 is not"],
  ["a type that does not exist", "string", "text", "who.sql: parameter 2 is not"],
  ["a name that is not in lower case", "phrase string", "Phrase string", "who.sql: parameter 2 is not"],
  ["a default without two spaces after it", "ago  first", "ago first", "who.sql: parameter 1 is not"],
  ["no default", "30 days ago  first UTC day", "", "who.sql: parameter 1 is not"],
  ["no meaning", "required     what to look for", "required", "who.sql: parameter 2 is not"],
  ["no text", /^--.*\n/gm, "", "who.sql: its header has no"],
])("a header with %s is an error that names the file", (_, part, instead, message) => {
  expect(() => savedQuery("who", SQL.replace(part, instead))).toThrow(message);
});
