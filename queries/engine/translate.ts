import "./quick-wasm.ts";
import { Dialect, generate, parse, transform, transpile } from "@polyglot-sql/sdk";
import { datesStayDates } from "./date-arithmetic.ts";
import { QueryFailed } from "./query-engine.ts";

/** What was translated so far: that takes longer than most answers. */
const translated = new Map<string, string>();

/**
 * One statement of Athena SQL (Trino's), in DuckDB's words; every `?` keeps its place in their order.
 *
 * The words alone are not the whole meaning. What else differs is set where the engine is opened: whole
 * numbers divide to whole numbers, and the functions of `macros.ts`.
 *
 * @throws {QueryFailed} if it is not Athena SQL, not one statement, or has no counterpart in DuckDB.
 */
export function duckdbSql(athenaSql: string): string {
  const known = translated.get(athenaSql) ?? translation(athenaSql);
  translated.set(athenaSql, known);
  return known;
}

function translation(athenaSql: string): string {
  const parsed = parse(athenaSql, Dialect.Trino);
  if (!parsed.success) throw notUnderstood(parsed.error);
  const [statement, ...others] = parsed.ast;
  if (statement === undefined || others.length > 0) {
    throw new QueryFailed(`One statement is run at a time, and this is ${parsed.ast.length}.`);
  }
  const withDates = generate([transform(statement, { leave: datesStayDates })], Dialect.Trino);
  if (!withDates.sql?.[0]) throw notUnderstood(withDates.error);
  const inDuckdb = transpile(withDates.sql[0], Dialect.Trino, Dialect.DuckDB, { unsupportedLevel: "raise" });
  if (!inDuckdb.sql?.[0]) throw notUnderstood(inDuckdb.error);
  return inDuckdb.sql[0];
}

function notUnderstood(reason: string | undefined): QueryFailed {
  return new QueryFailed(`This is not SQL that both Athena and DuckDB understand: ${reason}`);
}
