import type { QueryResult } from "./query-engine.ts";

/** A part of a statement: the line and the column (from 1) where it begins, and its length in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** The statement is not run, or failed. The message is for the person who wrote it. */
export class OwnSqlRefused extends Error {
  override readonly name = "OwnSqlRefused";
  /** What is wrong, if that is known. */
  readonly place: Place | undefined;

  constructor(message: string, place?: Place) {
    super(message);
    this.place = place;
  }
}

/** Too many statements wait. */
export class OwnSqlBusy extends Error {
  override readonly name = "OwnSqlBusy";
}

/** The rows of a statement, up to the limits. `isCut` if there are more. */
export interface OwnAnswer extends QueryResult {
  readonly isCut: boolean;
}

/** Limits of one statement. */
export interface OwnSqlLimits {
  readonly seconds: number;
  readonly rows: number;
  /** Of all cells, in characters. */
  readonly characters: number;
  /** Of DuckDB, in megabytes. */
  readonly memoryMegabytes: number;
}

/** What one statement may use. */
export const OWN_SQL_LIMITS: OwnSqlLimits = {
  seconds: 10,
  rows: 10_000,
  characters: 10_000_000,
  memoryMegabytes: 512,
};

/** The longest statement, in characters. */
export const LONGEST_SQL = 20_000;

/** Runs SELECT statements of Athena SQL that a person writes. */
export interface OwnSql {
  /**
   * Runs one statement, within the limits. `signal` stops it.
   *
   * @throws {OwnSqlRefused} if it is not a SELECT on the tables, if it fails, or if it exceeds a limit.
   * @throws {OwnSqlBusy} if too many statements wait.
   */
  run(sql: string, signal?: AbortSignal): Promise<OwnAnswer>;
  /** Stops the running statement. */
  close(): void;
}
