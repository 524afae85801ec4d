import { Dialect, transpile } from "@polyglot-sql/sdk";
import { QueryFailed } from "./query-engine.ts";

/**
 * One statement of Athena SQL (Trino's), in DuckDB's words; every `?` stays where it is in the order.
 *
 * The words alone are not the whole meaning. What else differs is set where the engine is opened: whole
 * numbers divide to whole numbers, and the functions of `macros.ts`.
 *
 * @throws {QueryFailed} if it is not Athena SQL, not one statement, or has no counterpart in DuckDB.
 */
export function duckdbSql(athenaSql: string): string {
  const { success, sql, error } = transpile(athenaSql, Dialect.Trino, Dialect.DuckDB, { unsupportedLevel: "raise" });
  if (!success || !sql) throw new QueryFailed(`This is not SQL that both Athena and DuckDB understand: ${error}`);
  const [statement, ...others] = sql;
  if (statement === undefined || others.length > 0) {
    throw new QueryFailed(`One statement is run at a time, and this is ${sql.length}.`);
  }
  return statement;
}
