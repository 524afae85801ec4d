import { at } from "../../handlers/call/json.ts";
import { athenaCell } from "../../queries/engine/athena-cell.ts";
import { type QueryEngine, QueryFailed, type QueryResult } from "../../queries/engine/query-engine.ts";
import { sqlLiteral } from "../../queries/tables/sql-text.ts";

/** The default catalog and schema of a statement, and the server that runs it. */
export interface Place {
  readonly url: string;
  readonly catalog: "awsdatacatalog" | "folder";
  readonly schema: string;
}

/** A result with its measurements. */
interface Measured extends QueryResult {
  /** The bytes read from S3 or the disk. */
  readonly bytes: number;
  readonly milliseconds: number;
  /** The time of all threads, which depends less on the load of the machine. */
  readonly cpuMilliseconds: number;
}

export interface TrinoEngine extends QueryEngine {
  run(sql: string, parameters: readonly string[]): Promise<Measured>;
}

interface Outcome {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly bytes: number;
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  /** The prepared statement that it added, as the value of a header. */
  readonly prepared: string | null;
}

/** Runs queries on Trino like Athena: each is prepared, and executed with its parameters. */
export function trinoEngine(place: Place): TrinoEngine {
  return {
    async run(sql, parameters) {
      const { prepared } = await statement(place, `prepare question from ${sql}`);
      const using = parameters.length === 0 ? "" : ` using ${parameters.map(sqlLiteral).join(", ")}`;
      const { columns, rows, ...measured } = await statement(place, `execute question${using}`, prepared);
      const typed = rows.map((row) => row.map((text, index) => athenaCell(columns[index]?.type ?? "", text)));
      return { columns, rows: typed, ...measured };
    },
    close() {},
  };
}

/** Runs one statement by Trino's HTTP protocol (trino.io/docs/current/develop/client-protocol.html). */
export async function statement(
  { url, ...place }: Place,
  sql: string,
  prepared: string | null = null,
): Promise<Outcome> {
  const headers = {
    "X-Trino-User": "analyst",
    "X-Trino-Catalog": place.catalog,
    "X-Trino-Schema": place.schema,
    "X-Trino-Time-Zone": "UTC",
    ...(prepared ? { "X-Trino-Prepared-Statement": prepared } : {}),
  };
  let columns: Outcome["columns"] = [];
  const rows: (string | null)[][] = [];
  let added: string | null = null;
  let response = await fetch(`${url}/v1/statement`, { method: "POST", body: sql, headers });
  for (;;) {
    added ??= response.headers.get("X-Trino-Added-Prepare");
    const page = JSON.parse(await response.text(), exactIntegers);
    if (page.error) throw new QueryFailed(page.error.message);
    columns = page.columns ?? columns;
    rows.push(
      ...(page.data ?? []).map((row: unknown[]) => row.map((value) => (value === null ? null : String(value)))),
    );
    if (!page.nextUri) {
      const stat = (name: string) => Number(at(page, "stats", name));
      const [milliseconds, cpuMilliseconds] = [stat("elapsedTimeMillis"), stat("cpuTimeMillis")];
      return { columns, rows, bytes: stat("physicalInputBytes"), milliseconds, cpuMilliseconds, prepared: added };
    }
    response = await fetch(page.nextUri);
  }
}

/** Keeps integers of 64 bits as text, because `JSON.parse` would round them. */
function exactIntegers(_: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? "") ? source : value;
}
