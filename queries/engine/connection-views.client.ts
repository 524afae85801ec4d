import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlName } from "../tables/sql-text.ts";
import type { Table } from "../tables/table.ts";

/** A connection, with the statements of the views that exist on it. */
export interface Prepared {
  readonly connection: DuckDBConnection;
  readonly views: Map<string, string>;
}

/**
 * Creates the views of `tables` that are wanted, and replaces those that differ. Without its temporary view, a table has
 * the empty view of the database.
 */
export async function updateViews(
  on: Prepared,
  tables: readonly Table[],
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { name } of tables) {
    const statement = wanted.get(name);
    if (on.views.get(name) === statement) continue;
    await on.connection.run(statement ?? `drop view if exists temp.${sqlName(name)}`);
    if (statement === undefined) on.views.delete(name);
    else on.views.set(name, statement);
  }
}

/**
 * DuckDB opens a file once for its columns and once for its rows. If the archive replaces the file between the two, the
 * query fails with such an error, and also if a glob of a view matches no file any more (DuckDB 1.5.6, measured 2026-11).
 */
const FILE_ERROR = /^(Invalid|IO) Error: /;
const ATTEMPTS = 4;

/** Runs `read`, and again if files changed meanwhile. It should bring the views up to date before each query. */
export async function whileFilesChange<Result>(read: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Error && FILE_ERROR.test(error.message))) throw error;
    }
  }
}
