/**
 * One value of an answer.
 *
 * A timestamp is a `Date` (UTC). A date is text, `YYYY-MM-DD`: a `Date` would claim an hour. Whole numbers
 * of 64 bits and more are `bigint`, so every `count(*)` is. What has no such type (a decimal, a list) is
 * the engine's own text for it.
 */
export type Cell = string | number | bigint | boolean | Date | null;

/** What a query answers: its columns in order, with the engine's names for their types, and its rows. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Where Athena SQL is run: on this machine, or on Athena itself. */
export interface QueryEngine {
  /**
   * The answer to one statement of Athena SQL.
   *
   * Each `?` takes the next of `parameters`, as text: the SQL casts where it wants something else.
   * They are bound, never pasted in, so no value can change the question.
   *
   * @throws {QueryFailed} if the statement cannot be translated or run.
   */
  run(sql: string, parameters: readonly string[]): Promise<QueryResult>;

  /** Lets go of the engine. Running after that fails; closing again does nothing. */
  close(): void;
}

/** The engine refused a statement or could not finish it; the cause is the engine's own error. */
export class QueryFailed extends Error {
  override name = "QueryFailed";
}
