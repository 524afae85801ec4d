import { randomUUID } from "node:crypto";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { sha256 } from "../../call/digest.ts";
import { type Clock, systemClock } from "../clock.ts";
import { pauseBefore, type RetryPolicy } from "../retry-policy.ts";
import { AthenaFailed, asAthenaFailure, failureOf } from "./athena-failure.ts";
import { awsRetryPolicy } from "./aws-retry-policy.ts";

export interface AthenaOptions {
  readonly workgroup: string;
  readonly database: string;
  readonly client?: AthenaClient;
  /** How long a statement may take until it is stopped. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  /**
   * For how many minutes the same statement with the same parameters returns its last result, at no charge. Athena does
   * not check for newer data.
   */
  readonly reuseMinutes?: number;
}

/** Options of a statement. */
interface StatementOptions {
  /** A literal of Athena's SQL for each `?`. A string includes its quotes. */
  readonly parameters?: readonly string[];
  /** Stops the statement, on Athena too. */
  readonly signal?: AbortSignal;
}

/** The result of a statement: each value as text, with Athena's type. */
interface AthenaResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** The bytes that were scanned in S3, which Athena charges for. */
  readonly bytes: number;
  /** From start to end on Athena, including the time in its queue. */
  readonly milliseconds: number;
}

/** Runs one statement to its end. If the answer to a start is lost, the repeated start does not run it twice. */
export type RunStatement = (sql: string, options?: StatementOptions) => Promise<AthenaResult>;

const TIMEOUT_MS = 60_000;

/** The pauses between two requests for the state of a statement. */
const PAUSES: RetryPolicy = { firstMs: 200, longestMs: 2_000 };

/**
 * Runs statements on Athena: one request starts a statement, repeated requests read its state, and one reads each
 * thousand rows. Stops a statement whose state it can no longer read, so that none keeps running unnoticed.
 *
 * @throws AthenaFailed
 */
export function athena({
  workgroup,
  database,
  client = new AthenaClient(awsRetryPolicy({ maxAttempts: 5 })),
  timeoutMs = TIMEOUT_MS,
  clock = systemClock,
  reuseMinutes = 0,
}: AthenaOptions): RunStatement {
  const reuse = { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: reuseMinutes } };

  async function start(sql: string, parameters: readonly string[]): Promise<string> {
    const command = new StartQueryExecutionCommand({
      QueryString: reuseMinutes > 0 ? namedBy(parameters, sql) : sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
      ClientRequestToken: randomUUID(),
      // An empty list is refused (docs.aws.amazon.com, StartQueryExecution, 2026-11).
      ...(parameters.length > 0 ? { ExecutionParameters: [...parameters] } : {}),
      ...(reuseMinutes > 0 ? { ResultReuseConfiguration: reuse } : {}),
    });
    const { QueryExecutionId = "" } = await client.send(command);
    return QueryExecutionId;
  }

  async function waitForEnd(QueryExecutionId: string, signal: AbortSignal | undefined): Promise<QueryExecution> {
    const until = clock.now().getTime() + timeoutMs;
    const aborting = aborted(signal);
    for (let attempt = 0; ; attempt += 1) {
      const { QueryExecution = {} } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State } = QueryExecution.Status ?? {};
      if (State === "SUCCEEDED" || State === "FAILED" || State === "CANCELLED") return QueryExecution;
      if (clock.now().getTime() >= until) {
        const message = `Athena did not finish a statement within ${timeoutMs / 1000} s: it was stopped`;
        throw new AthenaFailed(message, { kind: "too slow" });
      }
      await Promise.race([clock.sleep(pauseBefore(attempt, PAUSES)), aborting]);
      if (signal?.aborted) throw new AthenaFailed("The statement was stopped on Athena", { kind: "too slow" });
    }
  }

  async function waitOrStop(QueryExecutionId: string, signal: AbortSignal | undefined): Promise<QueryExecution> {
    try {
      return await waitForEnd(QueryExecutionId, signal);
    } catch (error) {
      // The caller gets the first error.
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId })).catch(() => {});
      throw error;
    }
  }

  async function results(
    QueryExecutionId: string,
    signal: AbortSignal | undefined,
  ): Promise<Pick<AthenaResult, "columns" | "rows">> {
    let columns: AthenaResult["columns"] = [];
    const rows: (string | null)[][] = [];
    for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId, MaxResults: 1_000 })) {
      if (signal?.aborted)
        throw new AthenaFailed("The statement was stopped before all rows were read", { kind: "too slow" });
      const info = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
      columns = info.map(({ Name = "", Type = "" }) => ({ name: Name, type: Type }));
      rows.push(
        ...(ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null)),
      );
    }
    // The first row of all has the column names.
    return { columns, rows: rows.slice(1) };
  }

  return async (sql, { parameters = [], signal } = {}) => {
    try {
      if (signal?.aborted)
        throw new AthenaFailed("The statement was stopped before it was started", { kind: "too slow" });
      const id = await start(sql, parameters);
      const { Status, Statistics, StatementType } = await waitOrStop(id, signal);
      if (Status?.State !== "SUCCEEDED") throw failureOf(Status?.State, Status?.StateChangeReason);
      const measured = {
        bytes: Statistics?.DataScannedInBytes ?? 0,
        milliseconds: Statistics?.TotalExecutionTimeInMillis ?? 0,
      };
      // Only a query has rows. The result of any other statement is a message.
      if (StatementType !== "DML") return { columns: [], rows: [], ...measured };
      return { ...(await results(id, signal)), ...measured };
    } catch (error) {
      throw asAthenaFailure(error);
    }
  };
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((stop) => {
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", () => stop(), { once: true });
  });
}

/**
 * `sql` with the hash of its parameters as a comment. Athena reuses a result if the query string matches, and does not
 * document that the parameters must match, too (docs.aws.amazon.com, Reuse query results in Athena, 2026-11).
 */
function namedBy(parameters: readonly string[], sql: string): string {
  return `${sql.trimEnd()}\n-- parameters ${sha256(Buffer.from(JSON.stringify(parameters)))}`;
}
