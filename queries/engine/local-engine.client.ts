import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { DuckDBInstance, DuckDBTimestampTZValue, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api";
import { TABLES } from "../tables/all.ts";
import { type ClosedDays, closedDaysIn, DIRTY_FOLDER, STATE_KEY } from "../tables/closed-days.ts";
import { SIDES, type Side, type Table } from "../tables/table.ts";
import { MACROS } from "./macros.ts";
import { type Cell, type QueryEngine, QueryFailed, type QueryResult } from "./query-engine.ts";
import { duckdbSql } from "./translate.ts";
import { emptyViewSql, filesOf, viewSql } from "./views.ts";

/** Nothing is fetched: what DuckDB cannot do by itself is an error. */
const OFFLINE = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" };

/** What Athena does without being told: times are UTC wherever this runs, and whole numbers divide to whole numbers. */
const AS_ATHENA = ["set TimeZone = 'UTC'", "set integer_division = true"];

/** DuckDB in memory, which knows what Athena knows; each table is there, and empty. */
export async function openDuckdb(): Promise<DuckDBInstance> {
  const duckdb = await DuckDBInstance.create(":memory:", OFFLINE);
  const connection = await duckdb.connect();
  for (const statement of [...MACROS, ...TABLES.map(emptyViewSql)]) await connection.run(statement);
  connection.closeSync();
  return duckdb;
}

/**
 * Athena's local counterpart: DuckDB in memory over the Parquet files in `analyticsDir`, read in place.
 *
 * Files that come or go later are seen by the next query, except the first of a table that had none: open
 * another engine then, which costs milliseconds. A folder that does not exist is an empty archive.
 *
 * Days that were closed when it was opened are read from `days/`, the others from `live/`, and so are those in which
 * something changed since. An engine that stays open while days are closed answers the same. `firstLiveDay` says
 * otherwise where the first live day is to be. Engines on many folders can share one `duckdb`, which whoever opened it
 * closes.
 */
export async function openLocalEngine(
  analyticsDir: string,
  firstLiveDay?: string,
  duckdb?: DuckDBInstance,
): Promise<QueryEngine> {
  // DuckDB reads forward slashes on every system; in a glob, a backslash may mean something else.
  const folder = analyticsDir.replaceAll(sep, "/");
  const closed = firstLiveDay === undefined ? await readClosedDays(analyticsDir) : { firstLiveDay, changed: [] };
  const instance = duckdb ?? (await openDuckdb());
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    if (!duckdb) instance.closeSync();
  };
  try {
    for (const statement of AS_ATHENA) await connection.run(statement);
    for (const table of TABLES) {
      const sides = await sidesWithFiles(table, analyticsDir);
      if (sides.length > 0) await connection.run(viewSql(table, folder, sides, closed));
    }
  } catch (error) {
    close();
    throw error;
  }

  return {
    async run(sql, parameters) {
      const statement = duckdbSql(sql);
      try {
        const result = await connection.runAndReadAll(statement, [...parameters]);
        const types = result.columnTypes();
        return {
          columns: result.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
          rows: result.getRows().map((row) => row.map(cell)),
        } satisfies QueryResult;
      } catch (error) {
        throw new QueryFailed(error instanceof Error ? error.message : String(error), { cause: error });
      }
    },
    close,
  };
}

/** Which days are closed now, and in which of them something changed since. */
async function readClosedDays(analyticsDir: string): Promise<ClosedDays> {
  const state = await readFile(join(analyticsDir, STATE_KEY)).catch(absent);
  const markers = await Array.fromAsync(glob(`${DIRTY_FOLDER}*/*`, { cwd: analyticsDir }));
  const days = markers.map((path) => path.slice(DIRTY_FOLDER.length).split(/[/\\]/)[0] ?? "");
  const { firstLiveDay, changed } = closedDaysIn(state);
  return { firstLiveDay, changed: [...new Set([...changed, ...days])] };
}

/** An archive whose days were never closed has no state. */
function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}

async function sidesWithFiles(table: Table, analyticsDir: string): Promise<Side[]> {
  const present: Side[] = [];
  for (const side of SIDES) {
    // Most tables of a small archive have no file, and a glob takes longer to find that out.
    if (!existsSync(join(analyticsDir, side, table.name))) continue;
    for await (const _ of glob(filesOf(table, side), { cwd: analyticsDir })) {
      present.push(side);
      break;
    }
  }
  return present;
}

function cell(value: DuckDBValue): Cell {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return new Date(Number(value.micros / 1000n));
  }
  return String(value);
}
