import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { sqlLiteral, sqlName } from "../tables/sql-text.ts";
import { ATHENA_DEFAULTS, openDuckdb, runOn, viewStatements } from "./local-engine.client.ts";
import { type QueryEngine, QueryTimedOut } from "./query-engine.ts";

/** Limits of an engine that stays open. */
export interface LiveEngineOptions {
  /** How long a query may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The number of queries that run at once. Others wait. */
  readonly connections: number;
  /** The memory that DuckDB may use, in megabytes. */
  readonly memoryMegabytes: number;
}

const INTERRUPT_AGAIN_MS = 100;

/** A connection, with the statements of the views that exist on it. */
interface Prepared {
  readonly connection: DuckDBConnection;
  views: ReadonlyMap<string, string>;
}

/**
 * An engine over the Parquet files in `analyticsDir` that stays open while calls arrive.
 *
 * Before each query it compares the views that it has with those that the folder needs, and replaces the ones that
 * differ. So a query reads new days, new tables and closed days, like an engine that was just opened. DuckDB starts with
 * the first query.
 */
export function liveEngine(analyticsDir: string, options: LiveEngineOptions): QueryEngine {
  let duckdb: Promise<DuckDBInstance> | undefined;
  const idle: Prepared[] = [];
  const waiting: ((connection: Prepared) => void)[] = [];
  let opened = 0;
  let isClosed = false;

  async function take(): Promise<Prepared> {
    const free = idle.pop();
    if (free) return free;
    if (opened >= options.connections) return new Promise((resolve) => waiting.push(resolve));
    opened += 1;
    try {
      duckdb ??= openDuckdb();
      return await prepared(await duckdb, options);
    } catch (error) {
      opened -= 1;
      throw error;
    }
  }

  function giveBack(connection: Prepared): void {
    const next = waiting.shift();
    if (next) next(connection);
    else if (isClosed) connection.connection.closeSync();
    else idle.push(connection);
  }

  return {
    async run(sql, parameters) {
      const taken = await take();
      try {
        await updateViews(taken, await viewStatements(analyticsDir));
        return await withinTime(taken.connection, options.timeoutMs, () => runOn(taken.connection, sql, parameters));
      } finally {
        giveBack(taken);
      }
    },
    close() {
      isClosed = true;
      for (const { connection } of idle.splice(0)) connection.closeSync();
    },
  };
}

async function prepared(duckdb: DuckDBInstance, { memoryMegabytes }: LiveEngineOptions): Promise<Prepared> {
  const connection = await duckdb.connect();
  for (const statement of [...ATHENA_DEFAULTS, `set memory_limit = ${sqlLiteral(`${memoryMegabytes}MB`)}`])
    await connection.run(statement);
  return { connection, views: new Map() };
}

/**
 * Creates the views that the folder needs now, and replaces those that differ. Without its temporary view, a table has
 * the empty view of the database.
 */
export async function updateViews(on: Prepared, wanted: ReadonlyMap<string, string>): Promise<void> {
  for (const name of on.views.keys()) {
    if (!wanted.has(name)) await on.connection.run(`drop view if exists temp.${sqlName(name)}`);
  }
  for (const [name, statement] of wanted) {
    if (on.views.get(name) !== statement) await on.connection.run(statement);
  }
  on.views = wanted;
}

/** Stops the query of `connection` after `ms` milliseconds. */
async function withinTime<Result>(
  connection: DuckDBConnection,
  ms: number,
  run: () => Promise<Result>,
): Promise<Result> {
  let isLate = false;
  // An interrupt before the query begins to run has no effect, so it is repeated.
  const stop = () => {
    isLate = true;
    connection.interrupt();
    timer = setTimeout(stop, INTERRUPT_AGAIN_MS);
  };
  let timer = setTimeout(stop, ms);
  try {
    return await run();
  } catch (error) {
    if (isLate) throw new QueryTimedOut(`The query took longer than ${ms / 1000} s.`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
