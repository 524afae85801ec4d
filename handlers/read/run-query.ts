import { ParameterError } from "../../queries/engine/parameter-values.ts";
import { QueryFailed, type QueryResult, QueryTimedOut } from "../../queries/engine/query-engine.ts";
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
    if (error instanceof QueryTimedOut)
      throw new Problem(503, "Query too slow", `${error.message} Ask for fewer days.`, { cause: error });
    if (error instanceof QueryFailed) {
      const detail = "The query engine failed; the log has the reason. Repeat the request later.";
      throw new Problem(503, "Query failed", detail, { cause: error, headers: { "retry-after": "5" } });
    }
    throw error;
  }
}
