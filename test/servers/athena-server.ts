import { onTestFinished } from "vitest";
import { at } from "../../handlers/call/json.ts";
import { type FaultyServer, faultyServer } from "./faulty-server.ts";

interface Execution {
  readonly sql: string;
  readonly workgroup: unknown;
  readonly database: unknown;
  looks: number;
}

/** How the server runs statements. */
export interface AthenaBehaviour {
  /** The rows of a statement, without the names; throws what Athena would give as the reason. */
  readonly answer?: (sql: string) => { names: string[]; rows: (string | null)[][] };
  /** After how many looks a statement has ended. */
  readonly looks?: number;
}

export interface AthenaServer extends FaultyServer {
  /** Every statement that was run, once. */
  readonly executions: readonly Execution[];
  readonly stopped: readonly unknown[];
}

/** As much of Athena as running statements needs, in AWS's JSON protocol, ended after the test. */
export async function anAthenaServer({ answer = nothing, looks = 2 }: AthenaBehaviour = {}): Promise<AthenaServer> {
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
        workgroup: at(input, "WorkGroup"),
        database: at(input, "QueryExecutionContext", "Database"),
        looks: 0,
      };
      return { QueryExecutionId: String(id) };
    },
    GetQueryExecution(input) {
      const execution = executionOf(input);
      execution.looks += 1;
      if (execution.looks < looks) return { QueryExecution: { Status: { State: "RUNNING" } } };
      try {
        answer(execution.sql);
        return { QueryExecution: { Status: { State: "SUCCEEDED" } } };
      } catch (error) {
        const StateChangeReason = error instanceof Error ? error.message : String(error);
        return { QueryExecution: { Status: { State: "FAILED", StateChangeReason } } };
      }
    },
    GetQueryResults(input) {
      const { names, rows } = answer(executionOf(input).sql);
      const Rows = [names, ...rows].map((row) => ({
        Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
      }));
      return { ResultSet: { Rows } };
    },
    StopQueryExecution(input) {
      stopped.push(at(input, "QueryExecutionId"));
      return {};
    },
  };

  function executionOf(input: unknown): Execution {
    const execution = executions[Number(at(input, "QueryExecutionId"))];
    if (!execution) throw new Error("no such execution");
    return execution;
  }

  const server = await faultyServer(({ headers, body }) => {
    const action = String(headers["x-amz-target"]).split(".")[1] ?? "";
    return { status: 200, body: JSON.stringify(actions[action]?.(JSON.parse(body)) ?? {}) };
  });
  onTestFinished(() => server.close());
  return { ...server, executions, stopped };
}

function nothing() {
  return { names: [], rows: [] };
}
