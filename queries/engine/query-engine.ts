/**
 * One value of a result.
 *
 * A timestamp is a `Date` (UTC). A date is text, `YYYY-MM-DD`, because a `Date` has a time of day. Integers of 64 bits
 * and more are `bigint`, such as every `count(*)`. A value of another type (a decimal, a list) is the engine's text.
 */
export type Cell = string | number | bigint | boolean | Date | null;

/** The result of a query: its columns in order, with the engine's names for their types, and its rows. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Runs Athena SQL, on this machine or on Athena. */
export interface QueryEngine {
  /**
   * Runs one statement of Athena SQL.
   *
   * Each `?` takes the next of `parameters`, as text: the SQL casts it if it needs another type. Values are bound and
   * never inserted into the statement, so no value can change the query.
   *
   * @throws {QueryFailed} if the statement cannot be translated or run.
   */
  run(sql: string, parameters: readonly string[]): Promise<QueryResult>;

  /** Closes the engine. `run` fails after that; closing it again does nothing. */
  close(): void;
}

/** The engine rejected a statement or could not finish it. The cause is the engine's error. */
export class QueryFailed extends Error {
  override name = "QueryFailed";
}

/** A query took longer than it may. It was stopped. */
export class QueryTimedOut extends QueryFailed {
  override name = "QueryTimedOut";
}

/** A query would have read more bytes than it may. It was stopped, and will be if it is repeated. */
export class QueryTooLarge extends QueryFailed {
  override name = "QueryTooLarge";
}

/** The engine ran too many queries to accept another one. It may accept it later. */
export class QueryThrottled extends QueryFailed {
  override name = "QueryThrottled";
}
