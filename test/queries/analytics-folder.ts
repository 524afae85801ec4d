import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { openDuckdb, openLocalEngine } from "../../queries/engine/local-engine.client.ts";
import type { QueryEngine } from "../../queries/engine/query-engine.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { type AnyRow, type Column, liveKey, type Table } from "../../queries/tables/table.ts";

/** Makes an empty folder, and removes it after the test. */
export async function emptyFolder(name = "analytics-"): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The DuckDB of all engines of a test file: opening another takes longer than most queries. */
let duckdb: ReturnType<typeof openDuckdb> | undefined;

/** Opens the local engine on the analytics in `folder`, and closes it after the test. */
export async function engineOn(folder: string, firstLiveDay?: string): Promise<QueryEngine> {
  duckdb ??= openDuckdb();
  const engine = await openLocalEngine(folder, firstLiveDay, await duckdb);
  onTestFinished(() => engine.close());
  return engine;
}

/** Writes `rows` of `table` as the Parquet file at `key` in `folder`. */
export async function writeRows(folder: string, key: string, table: Table, rows: readonly AnyRow[]): Promise<void> {
  await writeObject(folder, key, parquetFile(table, rows));
}

/** Writes `body` as the file at `key` in `folder`. */
export async function writeObject(folder: string, key: string, body: Buffer): Promise<void> {
  await mkdir(dirname(join(folder, key)), { recursive: true });
  await writeFile(join(folder, key), body);
}

/** A row in JSON: the relevant columns, the day and the hour. Times are text, and missing columns are null. */
export type JsonRow = Readonly<Record<string, string | number | boolean | null>> & {
  readonly dt: string;
  readonly hr?: string;
};

/** Rows of some tables, by the table's name. */
export type Tables = Readonly<Record<string, readonly JsonRow[]>>;

/** The live objects that the processor would write for these rows: one per conversation and table. */
export function liveObjects(tables: Tables): { readonly key: string; readonly body: Buffer }[] {
  return Object.entries(tables).flatMap(([name, rows]) => {
    const table = tableNamed(name);
    const objects = Map.groupBy(rows, (row) =>
      liveKey(name, `${row.dt}/${row.hr ?? "10"}`, String(row["conversation_id"])),
    );
    return [...objects].map(([key, ofOne]) => ({
      key,
      body: parquetFile(
        table,
        ofOne.map((row) => typedRow(table, row)),
      ),
    }));
  });
}

/** Writes the live objects of these rows to `folder`. */
export async function writeLive(folder: string, tables: Tables): Promise<void> {
  for (const { key, body } of liveObjects(tables)) await writeObject(folder, key, body);
}

export function tableNamed(name: string): Table {
  const table = TABLES.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`There is no table "${name}"`);
  return table;
}

function typedRow(table: Table, { dt: _, hr: __, ...cells }: JsonRow): AnyRow {
  return Object.fromEntries(
    Object.entries(cells).map(([name, cell]) => {
      const column = table.columns[name];
      if (column === undefined) throw new Error(`${table.name} has no column "${name}"`);
      return [name, typedCell(column, cell)];
    }),
  );
}

function typedCell(column: Column, cell: string | number | boolean | null): AnyRow[string] {
  if (typeof cell === "string" && column.type === "timestamp") return new Date(cell);
  if (typeof cell === "number" && column.type === "bigint") return BigInt(cell);
  return cell;
}
