import "./quick-wasm.ts";
import { Dialect, generate, parse, transform, transpile } from "@polyglot-sql/sdk";
import { keepDateTypes } from "./date-arithmetic.ts";
import { QueryFailed } from "./query-engine.ts";

/** The statement is not valid SQL. `at` is what cannot be read, as indexes of its characters. */
export class InvalidSql extends QueryFailed {
  readonly at: { readonly start: number; readonly end: number } | undefined;

  constructor(reason: string | undefined, at?: InvalidSql["at"]) {
    super(`The SQL is not valid for both Athena and DuckDB: ${reason}`);
    this.at = at;
  }
}

/**
 * Translates one statement of Athena SQL (Trino's) to DuckDB's. Each `?` keeps its position.
 *
 * Other differences are settings of the engine: integer division, and the functions of `macros.ts`.
 *
 * @throws {QueryFailed} if it is not Athena SQL, is not one statement, or has no counterpart in DuckDB.
 */
export function duckdbSql(athenaSql: string): string {
  const parsed = parse(athenaSql, Dialect.Trino);
  if (!parsed.success) {
    const { error, errorStart: start, errorEnd: end } = parsed;
    throw new InvalidSql(error, start === undefined || end === undefined ? undefined : { start, end });
  }
  const [statement, ...others] = parsed.ast;
  if (statement === undefined || others.length > 0) {
    throw new QueryFailed(`Only one SQL statement can be run at a time, and there are ${parsed.ast.length}.`);
  }
  const withDates = generate([transform(statement, { leave: keepDateTypes })], Dialect.Trino);
  if (!withDates.sql?.[0]) throw new InvalidSql(withDates.error);
  const inDuckdb = transpile(withDates.sql[0], Dialect.Trino, Dialect.DuckDB, { unsupportedLevel: "raise" });
  if (!inDuckdb.sql?.[0]) throw new InvalidSql(inDuckdb.error);
  return inDuckdb.sql[0];
}
