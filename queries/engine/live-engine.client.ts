import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { TABLES } from "../tables/all.ts";
import { sqlLiteral } from "../tables/sql-text.ts";
import type { Table } from "../tables/table.ts";
import { type Prepared, updateViews, whileFilesChange } from "./connection-views.client.ts";
import { type LiveRows, liveRows } from "./live-rows.client.ts";
import { ATHENA_DEFAULTS, openDuckdb, readClosedDays, runOn, viewStatements } from "./local-engine.client.ts";
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

/**
 * An engine over the Parquet files in `analyticsDir` that stays open while calls arrive.
 *
 * Before each query it compares the views of its tables with those that the folder needs, and replaces the ones that
 * differ. So a query reads new days, new tables and closed days, like an engine that was just opened. The rows of live
 * days are kept in memory, and those of changed files are read again. DuckDB starts with the first query.
 */
export function liveEngine(analyticsDir: string, options: LiveEngineOptions): QueryEngine {
  let duckdb: Promise<DuckDBInstance> | undefined;
  let rows: LiveRows | undefined;
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
      const instance = await duckdb;
      rows ??= liveRows(instance, analyticsDir);
      return await prepared(instance, options);
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
        const tables = tablesIn(sql);
        return await whileFilesChange(async () => {
          const closed = await readClosedDays(analyticsDir);
          const kept = await inTime(options.timeoutMs, rows?.update(tables.filter(isReadIn(sql)), closed));
          await updateViews(taken, tables, await viewStatements(analyticsDir, closed, tables, kept));
          return withinTime(taken.connection, options.timeoutMs, () => runOn(taken.connection, sql, parameters));
        });
      } finally {
        giveBack(taken);
      }
    },
    close() {
      isClosed = true;
      for (const { connection } of idle.splice(0)) connection.closeSync();
      rows?.close();
    },
  };
}

async function prepared(duckdb: DuckDBInstance, { memoryMegabytes }: LiveEngineOptions): Promise<Prepared> {
  const connection = await duckdb.connect();
  for (const statement of [...ATHENA_DEFAULTS, `set memory_limit = ${sqlLiteral(`${memoryMegabytes}MB`)}`])
    await connection.run(statement);
  return { connection, views: new Map() };
}

/** The tables that `sql` may read: those that it names outside of its header. A column may have the same name. */
function tablesIn(sql: string): Table[] {
  const words = new Set(sql.replaceAll(/^--.*$/gm, "").match(/\w+/g));
  return TABLES.filter(({ name }) => words.has(name));
}

/** Whether `sql` surely reads a table. The live rows of others are not kept: they are read from their files. */
function isReadIn(sql: string): (table: Table) => boolean {
  const read = new Set([...sql.matchAll(/\b(?:from|join)\s+(\w+)/gi)].map(([, name]) => name));
  return ({ name }) => read.has(name);
}

/** The result of `work`, if it ends within `ms` milliseconds. It continues after that, for the next query. */
async function inTime<Result>(ms: number, work: Promise<Result> | undefined): Promise<Result | undefined> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new QueryTimedOut(`Reading the live calls takes longer than ${ms / 1000} s: repeat the query.`)),
    ms,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
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
