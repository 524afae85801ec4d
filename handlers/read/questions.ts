import { givenOrder, ParameterError, parameterValues } from "../../queries/engine/parameter-values.ts";
import type { QueryResult } from "../../queries/engine/query-engine.ts";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import { Problem } from "./problem.ts";
import { shortened } from "./range.ts";
import type { ReadDeps } from "./read-deps.ts";
import { runSql } from "./run-query.ts";

/** The most rows of one answer. */
export const MOST_ROWS = 10_000;

/** The description of a question: a saved query without its SQL. */
export function questionOf({ name, topic, question, grain, parameters, reads, chart, sql }: SavedQuery) {
  return {
    name,
    topic,
    question,
    grain,
    parameters: givenOrder(parameters).map(({ name, type, meaning, default: otherwise, choices }) => ({
      name,
      type,
      meaning,
      default: otherwise ?? null,
      choices: choices ?? null,
    })),
    reads,
    chart: chart ?? null,
    sql,
  };
}

/** The answer to a question. It has at most `MOST_ROWS` rows; `isCut` if there are more. */
export interface Answer extends QueryResult {
  readonly isCut: boolean;
}

/** The answer to a question, with the value of each parameter as the query got it. */
export interface QuestionAnswer extends Answer {
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Runs the saved query `name` with the `given` values by parameter.
 *
 * @throws {Problem} if there is no such query, if a value is not valid, or if the query fails.
 */
export async function answerTo(
  name: string,
  given: Readonly<Record<string, string>>,
  deps: Pick<ReadDeps, "engine" | "questions" | "now">,
): Promise<QuestionAnswer> {
  const query = (await deps.questions()).find((each) => each.name === name);
  if (!query)
    throw new Problem(
      404,
      "No such question",
      `There is no question ${shortened(name)}: GET /api/v1/questions lists all.`,
    );
  const bound = valuesFor(query, given, deps.now());
  const answer = await runSql(`${query.sql.trimEnd()}\nlimit ${MOST_ROWS + 1}`, bound, deps);
  const values = Object.fromEntries(query.parameters.map(({ name }, index) => [name, bound[index] ?? ""]));
  return { ...answer, values, rows: answer.rows.slice(0, MOST_ROWS), isCut: answer.rows.length > MOST_ROWS };
}

function valuesFor(query: SavedQuery, given: Readonly<Record<string, string>>, today: Date): string[] {
  const names = query.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const detail = `${query.name} has no parameter ${shortened(unknown)}. Its parameters are ${names.join(", ")}.`;
    throw new Problem(400, "Unknown parameter", detail);
  }
  try {
    return parameterValues(
      query,
      Object.entries(given).map(([name, value]) => `${name}=${value}`),
      today,
    );
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new Problem(400, "Value not accepted", error.message, { cause: error });
  }
}
