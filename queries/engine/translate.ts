import "./quick-wasm.ts";
import { Dialect, generate, parse, transform, transpile } from "@polyglot-sql/sdk";
import { keepDateTypes } from "./date-arithmetic.ts";
import { QueryFailed } from "./query-engine.ts";

/** A cache of translations: a translation takes longer than most queries. */
const translated = new Map<string, string>();

/**
 * Translates one statement of Athena SQL (Trino's) to DuckDB's. Each `?` keeps its position.
 *
 * Other differences are settings of the engine: integer division, and the functions of `macros.ts`.
 *
 * @throws {QueryFailed} if it is not Athena SQL, is not one statement, or has no counterpart in DuckDB.
 */
export function duckdbSql(athenaSql: string): string {
  const known = translated.get(athenaSql) ?? translation(athenaSql);
  translated.set(athenaSql, known);
  return known;
}

function translation(athenaSql: string): string {
  const parsed = parse(athenaSql, Dialect.Trino);
  if (!parsed.success) throw invalidSql(parsed.error);
  const [statement, ...others] = parsed.ast;
  if (statement === undefined || others.length > 0) {
    throw new QueryFailed(`Only one SQL statement can be run at a time, and there are ${parsed.ast.length}.`);
  }
  const withDates = generate([transform(statement, { leave: keepDateTypes })], Dialect.Trino);
  if (!withDates.sql?.[0]) throw invalidSql(withDates.error);
  const inDuckdb = transpile(withDates.sql[0], Dialect.Trino, Dialect.DuckDB, { unsupportedLevel: "raise" });
  if (!inDuckdb.sql?.[0]) throw invalidSql(inDuckdb.error);
  return inDuckdb.sql[0];
}

function invalidSql(reason: string | undefined): QueryFailed {
  return new QueryFailed(`The SQL is not valid for both Athena and DuckDB: ${reason}`);
}
