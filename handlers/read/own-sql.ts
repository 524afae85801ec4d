import { type OwnAnswer, OwnSqlBusy, OwnSqlRefused } from "../../queries/engine/own-sql.ts";
import { QueryFailed } from "../../queries/engine/query-engine.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { PARTITION } from "../../queries/tables/table.ts";
import { Problem } from "./problem.ts";
import type { ReadDeps } from "./read-deps.ts";

/** The tables and their columns, for people who write SQL. */
export function tableDescriptions() {
  return TABLES.map(({ name, grain, columns }) => ({
    name,
    grain,
    columns: [
      ...Object.entries(columns).map(([column, { type, comment }]) => ({ name: column, type, comment })),
      { name: PARTITION.name, type: PARTITION.type, comment: PARTITION.comment },
    ],
  }));
}

/**
 * Runs a SELECT that a person wrote.
 *
 * @throws {Problem} if this archive has no engine for it, or if the statement is refused. Then `place` is the part of
 * the statement that is the reason, if that is known.
 */
export async function ownAnswer(
  query: string,
  signal: AbortSignal,
  { ownSql }: Pick<ReadDeps, "ownSql">,
): Promise<OwnAnswer> {
  if (!ownSql) throw noOwnSql();
  try {
    return await ownSql.run(query, signal);
  } catch (error) {
    if (error instanceof OwnSqlRefused) {
      const { message, place } = error;
      throw new Problem(400, "This SQL was not run to its end", message, { cause: error, members: { place } });
    }
    if (error instanceof OwnSqlBusy)
      throw new Problem(429, "Too many requests", error.message, { cause: error, headers: { "retry-after": "1" } });
    if (error instanceof QueryFailed)
      throw new Problem(503, "Query failed", "The query engine failed; the log has the reason.", { cause: error });
    throw error;
  }
}

function noOwnSql(): Problem {
  const detail =
    "SQL of people is run only for an archive in a folder, on a loopback address (HOST). Use npm run query.";
  return new Problem(404, "No SQL here", detail);
}
