import { glob, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBResultReader,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { TABLES } from "../tables/all.ts";
import {
  type ClosedDays,
  closedDaysIn,
  DIRTY_FOLDER,
  NOTHING_CLOSED,
  STATE_KEY,
  withChanges,
} from "../tables/closed-days.ts";
import { HOUR, SIDES, type Table } from "../tables/table.ts";
import { absent } from "./absent.ts";
import { updateViews, whileFilesChange } from "./connection-views.client.ts";
import { globsWithFiles } from "./globs-with-files.client.ts";
import { MACROS } from "./macros.ts";
import { type Cell, type QueryEngine, QueryFailed, type QueryResult } from "./query-engine.ts";
import { cachedTranslation } from "./translation-cache.client.ts";
import { emptyViewSql, viewSql } from "./views.ts";

/**
 * DuckDB downloads no extensions: a statement that needs one fails. It does not cache files, because a live file of 6 kB
 * would take 256 kB of its memory, and the operating system caches files, too (DuckDB 1.5.6, measured 2026-11).
 */
const OPTIONS = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  enable_external_file_cache: "false",
};

/** Beside the cache of compiled modules. */
const translated = cachedTranslation(join(import.meta.dirname, "../../node_modules/.cache/call-archive/sql"));

/** Athena's defaults: times are UTC on every machine, and integer division returns integers. */
export const ATHENA_DEFAULTS = ["set TimeZone = 'UTC'", "set integer_division = true"];

/** Opens DuckDB in memory, with Athena's functions and an empty view for each table. */
export async function openDuckdb(): Promise<DuckDBInstance> {
  const duckdb = await DuckDBInstance.create(":memory:", OPTIONS);
  const connection = await duckdb.connect();
  for (const statement of [...MACROS, ...TABLES.map(emptyViewSql)]) await connection.run(statement);
  connection.closeSync();
  return duckdb;
}

/**
 * Opens Athena's local counterpart: DuckDB in memory over the Parquet files in `analyticsDir`, read in place.
 *
 * Each query sees files that were added or removed before it, in the days and hours that had files when it was opened.
 * For others open another engine, which takes milliseconds. A folder that does not exist is an empty archive.
 *
 * The engine reads days that were closed when it was opened from `days/`. It reads other days, and days that changed
 * since they were closed, from `live/`. An engine that stays open while days are closed returns the same rows. For
 * packed hours it does so for an hour: packs that it reads may be deleted then.
 * `firstLiveDay` overrides the first live day on record. Engines on many folders can share one `duckdb`, which the
 * caller closes.
 */
export async function openLocalEngine(
  analyticsDir: string,
  firstLiveDay?: string,
  duckdb?: DuckDBInstance,
): Promise<QueryEngine> {
  const instance = duckdb ?? (await openDuckdb());
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    if (!duckdb) instance.closeSync();
  };
  const prepared = { connection, views: new Map<string, string>() };
  async function readFolder() {
    const closed =
      firstLiveDay === undefined ? await readClosedDays(analyticsDir) : { ...NOTHING_CLOSED, firstLiveDay };
    await updateViews(prepared, TABLES, await viewStatements(analyticsDir, closed, TABLES));
  }
  try {
    for (const statement of ATHENA_DEFAULTS) await connection.run(statement);
    await whileFilesChange(readFolder);
  } catch (error) {
    close();
    throw error;
  }

  return {
    async run(sql, parameters) {
      let isRepeated = false;
      return whileFilesChange(async () => {
        if (isRepeated) await readFolder();
        isRepeated = true;
        return runOn(connection, sql, parameters);
      });
    },
    close,
  };
}

/**
 * Runs one statement of Athena SQL on a connection to `openDuckdb`'s database.
 *
 * @throws {QueryFailed} as `QueryEngine.run` does.
 */
export async function runOn(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly string[],
): Promise<QueryResult> {
  const statement = await translated(sql);
  try {
    return resultOf(await connection.runAndReadAll(statement, [...parameters]));
  } catch (error) {
    throw new QueryFailed(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * The statement for the view of each of `tables` that has files now, by the table's name. The statements change when a
 * day is closed or changed, and when a table gets its first file. All live rows of the tables in `kept` are in memory.
 */
export async function viewStatements(
  analyticsDir: string,
  closed: ClosedDays,
  tables: readonly Table[],
  kept: ReadonlySet<Table> = new Set(),
): Promise<ReadonlyMap<string, string>> {
  const folder = withSlashes(analyticsDir);
  const views = new Map<string, string>();
  for (const table of tables) {
    const present = await globsWithFiles(table, analyticsDir, closed);
    if (SIDES.some((side) => present[side].length > 0))
      views.set(table.name, viewSql(table, folder, present, closed, kept.has(table)));
  }
  return views;
}

/** A path as DuckDB reads it on every system: in a glob, a backslash may mean something else. */
export function withSlashes(path: string): string {
  return path.replaceAll(sep, "/");
}

function resultOf(result: DuckDBResultReader): QueryResult {
  const types = result.columnTypes();
  return {
    columns: result.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
    rows: result.getRows().map((row) => row.map(cell)),
  };
}

/** Returns the days that are closed now, and which of them changed since. */
export async function readClosedDays(analyticsDir: string): Promise<ClosedDays> {
  // Without a state, no day of the archive was closed yet.
  const state = await readFile(join(analyticsDir, STATE_KEY)).catch(absent);
  const markers = await Array.fromAsync(
    glob([`${DIRTY_FOLDER}*/*.*`, `${DIRTY_FOLDER}*/${HOUR.name}=*/*`], { cwd: analyticsDir }),
  );
  const changes = markers.map((path) => {
    const [day = "", hour = ""] = path.slice(DIRTY_FOLDER.length).split(/[/\\]/);
    return { day, hour: hour.slice(`${HOUR.name}=`.length) };
  });
  return withChanges(closedDaysIn(state), changes);
}

/** A value of DuckDB as a cell. */
export function cell(value: DuckDBValue): Cell {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return new Date(Number(value.micros / 1000n));
  }
  return String(value);
}
