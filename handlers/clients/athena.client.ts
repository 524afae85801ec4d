import { randomUUID } from "node:crypto";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { awsPatience } from "./aws-patience.ts";
import { type Clock, systemClock } from "./clock.ts";
import { messageOf } from "./log.ts";

/** Athena refused a statement, could not finish it, or took too long. The message says which, in Athena's words. */
export class AthenaFailed extends Error {
  override readonly name = "AthenaFailed";
}

export interface AthenaOptions {
  readonly workgroup: string;
  readonly database: string;
  readonly client?: AthenaClient;
  /** How long a statement may take until it is stopped. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** Runs a statement and answers the first page of its rows, as text; of one that has none, none. */
export type RunStatement = (sql: string) => Promise<readonly (readonly (string | null)[])[]>;

const TIMEOUT_MS = 60_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Runs statements on Athena, one request to start each and as many as it takes to hear of its end.
 *
 * A start that is repeated because its answer was lost runs the statement once.
 *
 * @throws AthenaFailed
 */
export function athena({
  workgroup,
  database,
  client = new AthenaClient(awsPatience(5, 3_000, 10_000)),
  ...rest
}: AthenaOptions): RunStatement {
  const { timeoutMs = TIMEOUT_MS, clock = systemClock } = rest;

  async function start(sql: string): Promise<string> {
    const command = new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
      ClientRequestToken: randomUUID(),
    });
    const { QueryExecutionId = "" } = await client.send(command).catch((error: unknown) => {
      throw new AthenaFailed(`Athena refused a statement: ${messageOf(error)}`, { cause: error });
    });
    return QueryExecutionId;
  }

  async function ended(QueryExecutionId: string): Promise<void> {
    const until = clock.now().getTime() + timeoutMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State, StateChangeReason = "no reason given" } = QueryExecution?.Status ?? {};
      if (State === "SUCCEEDED") return;
      if (State === "FAILED" || State === "CANCELLED") {
        throw new AthenaFailed(`Athena could not run a statement: ${State.toLowerCase()}, ${StateChangeReason}`);
      }
      if (clock.now().getTime() >= until) {
        await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
        throw new AthenaFailed(`Athena did not finish a statement within ${timeoutMs / 1000} s: it was stopped`);
      }
      await clock.sleep(pause);
    }
  }

  return async (sql) => {
    const QueryExecutionId = await start(sql);
    await ended(QueryExecutionId);
    if (!/^\s*(--.*\n\s*)*(select|with)\b/i.test(sql)) return [];
    const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    // The first row of a select repeats the names of its columns.
    const [, ...rows] = ResultSet?.Rows ?? [];
    return rows.map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null));
  };
}
