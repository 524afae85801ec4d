import { ParameterError } from "../../queries/engine/parameter-values.ts";
import {
  QueryFailed,
  type QueryResult,
  QueryThrottled,
  QueryTimedOut,
  QueryTooLarge,
} from "../../queries/engine/query-engine.ts";
import { Problem } from "./problem.ts";
import type { ReadDeps } from "./read-deps.ts";

/**
 * Runs the query `name` of the read API, with its parameters by name.
 *
 * @throws {Problem} if the engine cannot run it.
 */
export async function runQuery(
  name: string,
  values: Readonly<Record<string, string>>,
  deps: Pick<ReadDeps, "engine" | "queries">,
): Promise<QueryResult> {
  const query = (await deps.queries()).find((each) => each.name === name);
  if (!query) throw new Error(`queries/read/${name}.sql does not exist`);
  const parameters = query.parameters.map((parameter) => values[parameter.name] ?? "");
  return runSql(query.sql, parameters, deps);
}

/**
 * Runs `sql`.
 *
 * @throws {Problem} if the engine cannot run it.
 */
export async function runSql(
  sql: string,
  parameters: readonly string[],
  { engine }: Pick<ReadDeps, "engine">,
): Promise<QueryResult> {
  try {
    return await engine.run(sql, parameters);
  } catch (error) {
    if (error instanceof ParameterError) throw new Problem(400, "Value not accepted", error.message, { cause: error });
    throw error instanceof QueryFailed ? failedQuery(error) : error;
  }
}

function failedQuery(cause: QueryFailed): Problem {
  if (cause instanceof QueryTimedOut)
    return new Problem(503, "Query too slow", "The query took too long and was stopped. Ask for fewer days.", {
      cause,
    });
  if (cause instanceof QueryTooLarge) {
    const detail = "The query would read more than one query may. Ask for fewer days, or raise queryLimitGigabytes.";
    return new Problem(503, "Query too large", detail, { cause });
  }
  const isBusy = cause instanceof QueryThrottled;
  const [title, detail] = isBusy
    ? ["Too many queries", "The query engine runs too many queries. Repeat the request later."]
    : ["Query failed", "The query engine failed; the log has the reason. Repeat the request later."];
  return new Problem(503, title, detail, { cause, headers: { "retry-after": isBusy ? "30" : "5" } });
}
