import { z } from "zod";
import { jsonRows } from "../json-rows.ts";
import { answerTo, MOST_ROWS } from "../questions.ts";
import { shortTexts } from "./fit.ts";
import { ARGUMENTS, defineTool, limit } from "./tool.ts";

const MOST_TEXT = 500;

/** Answers one saved query. */
export const ask = defineTool({
  name: "ask",
  title: "Ask a saved question",
  description:
    "Answers one of the questions of list_questions with rows, computed by SQL over all calls. Times are in UTC, and " +
    "names state their units.",
  input: z.strictObject({
    question: ARGUMENTS.text.describe("The name of the question, from list_questions, such as worst-calls."),
    parameters: z
      .record(z.string().max(100), z.union([z.string().max(1_000), z.number(), z.boolean()]))
      .default({})
      .describe('Values by parameter name, such as {"from": "2026-11-01", "to": "today"}. Others have their default.'),
    from_row: ARGUMENTS.fromRow,
    limit: limit(50, 500),
  }),
  async answer({ question, parameters, from_row, limit }, deps) {
    const given = Object.entries(parameters).map(([name, value]) => [name, deps.mask.callerIn(String(value))]);
    const { isCut, ...answer } = await answerTo(question, Object.fromEntries(given), deps);
    const page = { columns: answer.columns, rows: answer.rows.slice(from_row, from_row + limit) };
    const rows = jsonRows(page).map((row) => shortTexts(deps.mask.json(row), MOST_TEXT));
    const { grain, question: asked } = (await deps.questions()).find(({ name }) => name === question) ?? {};
    const cut = isCut ? `\nThere are more than ${MOST_ROWS} rows, which no answer has: ask for fewer days.` : "";
    return {
      note: `${asked} The answer has ${grain}.${cut}`,
      sections: [
        {
          name: "rows",
          rows,
          from: from_row,
          total: answer.rows.length,
          restFrom: (next) => ({ from_row: next }),
        },
      ],
    };
  },
});
