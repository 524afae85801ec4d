import { onTestFinished } from "vitest";
import { at, list, number } from "../../../handlers/call/json.ts";
import { type FaultyServer, faultyServer } from "./faulty-server.ts";

/** The result of a statement, with every value as text, as in Athena's answers. */
export interface AthenaTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

interface Execution {
  readonly sql: string;
  readonly parameters: readonly string[];
  readonly workgroup: unknown;
  readonly database: unknown;
  /** For how many minutes its result may be an earlier one; 0 if it may not. */
  readonly reuseMinutes: number;
  polls: number;
  state: "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
  reason?: string;
  table: AthenaTable;
}

/** Options of the server. */
export interface AthenaBehaviour {
  /** Returns the result of a statement with its parameters. A thrown error becomes the reason of the failure. */
  readonly answer?: (sql: string, parameters: readonly string[]) => AthenaTable | Promise<AthenaTable>;
  /** The number of polls until a statement ends. */
  readonly polls?: number;
  /** The bytes that each statement reports as read, and their limit. */
  readonly bytes?: number;
  readonly byteLimit?: number;
}

export interface AthenaServer extends FaultyServer {
  /** The statements that were run, each once. */
  readonly executions: readonly Execution[];
  readonly stopped: readonly unknown[];
}

const NOTHING: AthenaTable = { columns: [], rows: [] };

/** Starts a server with the query operations of Athena, in AWS's JSON protocol. It is closed after the test. */
export async function anAthenaServer(behaviour: AthenaBehaviour = {}): Promise<AthenaServer> {
  const { answer = () => NOTHING, polls = 2, bytes = 0, byteLimit = Number.POSITIVE_INFINITY } = behaviour;
  const executions: Execution[] = [];
  const tokens = new Map<unknown, number>();
  const stopped: unknown[] = [];

  const actions: Record<string, (input: unknown) => unknown> = {
    StartQueryExecution(input) {
      const token = at(input, "ClientRequestToken");
      const id = tokens.get(token) ?? executions.length;
      tokens.set(token, id);
      executions[id] ??= {
        sql: String(at(input, "QueryString")),
        parameters: list(at(input, "ExecutionParameters")).map(String),
        workgroup: at(input, "WorkGroup"),
        database: at(input, "QueryExecutionContext", "Database"),
        reuseMinutes: reuseIn(input),
        polls: 0,
        state: "RUNNING",
        table: NOTHING,
      };
      return { QueryExecutionId: String(id) };
    },
    async GetQueryExecution(input) {
      const execution = executionOf(input);
      execution.polls += 1;
      if (execution.state === "RUNNING" && execution.polls >= polls) await end(execution);
      return {
        QueryExecution: {
          StatementType: isQuery(execution.sql) ? "DML" : "DDL",
          Status: { State: execution.state, StateChangeReason: execution.reason },
          Statistics: { DataScannedInBytes: bytes, TotalExecutionTimeInMillis: 1_234 },
        },
      };
    },
    GetQueryResults(input) {
      const { columns, rows } = executionOf(input).table;
      const all = [columns.map(({ name }) => name), ...rows];
      const from = Number(at(input, "NextToken") ?? 0);
      const next = from + Math.min(number(at(input, "MaxResults")) ?? 1_000, 1_000);
      return {
        ResultSet: {
          ResultSetMetadata: { ColumnInfo: columns.map(({ name, type }) => ({ Name: name, Type: type })) },
          Rows: all.slice(from, next).map((row) => ({
            Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
          })),
        },
        ...(next < all.length ? { NextToken: String(next) } : {}),
      };
    },
    StopQueryExecution(input) {
      stopped.push(at(input, "QueryExecutionId"));
      executionOf(input).state = "CANCELLED";
      return {};
    },
  };

  async function end(execution: Execution): Promise<void> {
    if (bytes > byteLimit) {
      Object.assign(execution, { state: "CANCELLED", reason: "Bytes scanned limit was exceeded" });
      return;
    }
    try {
      execution.table = await answer(execution.sql, execution.parameters);
      execution.state = "SUCCEEDED";
    } catch (error) {
      execution.reason = error instanceof Error ? error.message : String(error);
      execution.state = "FAILED";
    }
  }

  function executionOf(input: unknown): Execution {
    const execution = executions[Number(at(input, "QueryExecutionId"))];
    if (!execution) throw new Error("no such execution");
    return execution;
  }

  const server = await faultyServer(async ({ headers, body }) => {
    const action = String(headers["x-amz-target"]).split(".")[1] ?? "";
    return { status: 200, body: JSON.stringify((await actions[action]?.(JSON.parse(body))) ?? {}) };
  });
  onTestFinished(() => server.close());
  return { ...server, executions, stopped };
}

function isQuery(sql: string): boolean {
  return /^\s*(--.*\n\s*)*(select|with)\b/i.test(sql);
}

function reuseIn(input: unknown): number {
  const byAge = at(input, "ResultReuseConfiguration", "ResultReuseByAgeConfiguration");
  return at(byAge, "Enabled") === true ? (number(at(byAge, "MaxAgeInMinutes")) ?? 60) : 0;
}
