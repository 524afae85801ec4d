import { athenaCell } from "../../../queries/engine/athena-cell.ts";
import { ParameterError } from "../../../queries/engine/parameter-values.ts";
import {
  type QueryEngine,
  QueryFailed,
  type QueryResult,
  QueryThrottled,
  QueryTimedOut,
  QueryTooLarge,
} from "../../../queries/engine/query-engine.ts";
import { sqlLiteral } from "../../../queries/tables/sql-text.ts";
import type { RunStatement } from "./athena.client.ts";
import { AthenaFailed } from "./athena-failure.ts";

/** The longest literal that Athena accepts as a parameter (docs.aws.amazon.com, StartQueryExecution, 2026-11). */
const LONGEST_LITERAL = 1_024;

/** A result, with the bytes that Athena scanned and the time that it took. */
export interface AthenaQueryResult extends QueryResult {
  readonly bytes: number;
  readonly milliseconds: number;
}

export interface AthenaEngine extends QueryEngine {
  /** @throws {ParameterError} if a value is longer than Athena accepts. */
  run(sql: string, parameters: readonly string[]): Promise<AthenaQueryResult>;
}

const FAILURES = {
  "too large": QueryTooLarge,
  throttled: QueryThrottled,
  "too slow": QueryTimedOut,
  other: QueryFailed,
} as const;

/** A query engine over the archive's tables on AWS, by Athena. `signal` stops a query there, too. */
export function athenaEngine(run: RunStatement, signal?: AbortSignal): AthenaEngine {
  return {
    async run(sql, parameters) {
      const literals = parameters.map((value, index) => literal(value, index + 1));
      try {
        const result = await run(statementOf(sql), { parameters: literals, ...(signal ? { signal } : {}) });
        const { columns, rows } = result;
        return { ...result, rows: rows.map((row) => row.map((text, n) => athenaCell(columns[n]?.type ?? "", text))) };
      } catch (error) {
        if (!(error instanceof AthenaFailed)) throw error;
        throw new FAILURES[error.kind](error.message, { cause: error });
      }
    },
    close() {},
  };
}

/**
 * `sql` without its header comment, which contains a `?`. Athena does not document that it ignores those in comments.
 */
function statementOf(sql: string): string {
  return sql.replace(/^(--.*\n|\s+)+/, "");
}

function literal(value: string, position: number): string {
  const text = sqlLiteral(value);
  if (text.length <= LONGEST_LITERAL) return text;
  throw new ParameterError(
    `Athena accepts values of up to ${LONGEST_LITERAL} characters, quotes included; value ${position} in the query's order has ${text.length}.`,
  );
}
