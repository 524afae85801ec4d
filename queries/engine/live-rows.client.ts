import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type ClosedDays, isLive } from "../tables/closed-days.ts";
import { hourInLiveKey, type Table } from "../tables/table.ts";
import { liveFiles } from "./live-files.client.ts";
import { withSlashes } from "./local-engine.client.ts";
import { dropKeptSql, keepSql, keptTableSql } from "./views.ts";

/** The most live files of one table whose rows are kept: its rows and those of the turns take about half a gigabyte. */
const MOST_FILES = 20_000;

/** How many files are read in one transaction. After a query that waited too long, the next one continues. */
const FILES_AT_ONCE = 200;

/** The rows of an hour that is not live any more are kept this long: longer than a query that still reads them. */
const DROP_AFTER_MS = 10 * 60_000;

/** After a failure, such as a damaged file, the rows are read from the files for this long. */
const RETRY_AFTER_MS = 60_000;

/** The live rows that an engine keeps in memory. */
export interface LiveRows {
  /** Brings the kept rows of `tables` up to date. Returns the tables of which all live rows are kept now. */
  update(tables: readonly Table[], closed: ClosedDays): Promise<ReadonlySet<Table>>;
  close(): void;
}

/** What is kept of one table. */
interface Kept {
  /** The version of each file whose rows are kept, by its path below the folder. */
  readonly files: Map<string, string>;
  /** When each hour, or day of files in no hour, was live last. */
  readonly lastLive: Map<string, number>;
  /** After a failure, the time of the next try. */
  retryAt: number;
}

/**
 * Keeps the live rows of the tables in `analyticsDir` in memory, because opening a file for each call takes most of the
 * time of a query.
 *
 * A file's rows are kept under its path, time, size and inode, read before its rows. So a file that is replaced
 * meanwhile is read again with the next update. Each update is one transaction: a query sees all of it or nothing.
 * Updates run one after another.
 */
export function liveRows(duckdb: DuckDBInstance, analyticsDir: string): LiveRows {
  const folder = withSlashes(analyticsDir);
  const listed = liveFiles(analyticsDir);
  const keptOf = new Map<Table, Kept>();
  let connection: Promise<DuckDBConnection> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  }

  async function writer(): Promise<DuckDBConnection> {
    connection ??= duckdb.connect();
    return connection;
  }

  async function keptIn(table: Table): Promise<Kept> {
    const known = keptOf.get(table);
    if (known) return known;
    const on = await writer();
    for (const statement of keptTableSql(table)) await on.run(statement);
    const kept: Kept = { files: new Map(), lastLive: new Map(), retryAt: 0 };
    keptOf.set(table, kept);
    return kept;
  }

  /** Drops the rows of `gone`, and reads those of `fresh`, in one transaction. */
  async function replace(
    table: Table,
    kept: Kept,
    gone: readonly string[],
    fresh: readonly (readonly [file: string, version: string])[],
  ): Promise<void> {
    const on = await writer();
    const paths = (files: readonly string[]) => files.map((file) => `${folder}/${file}`);
    const read = fresh.map(([file]) => file);
    const dropped = [...gone, ...read.filter((file) => kept.files.has(file))];
    await on.run("begin transaction");
    try {
      if (dropped.length > 0) await on.run(dropKeptSql(table, paths(dropped)));
      if (read.length > 0) await on.run(keepSql(table, paths(read)));
      await on.run("commit");
    } catch (error) {
      await on.run("rollback").catch(() => {});
      kept.retryAt = Date.now() + RETRY_AFTER_MS;
      throw error;
    }
    for (const file of gone) kept.files.delete(file);
    for (const [file, version] of fresh) kept.files.set(file, version);
  }

  async function updateOne(table: Table, closed: ClosedDays): Promise<boolean> {
    const kept = await keptIn(table);
    if (Date.now() < kept.retryAt) return false;
    const hours = await listed.of(table, closed);
    for (const hour of hours.keys()) kept.lastLive.set(hour, Date.now());
    const wanted = new Map([...hours.values()].flatMap((files) => [...files]));
    const fresh = [...wanted].filter(([file, version]) => kept.files.get(file) !== version);
    if (wanted.size > MOST_FILES) return false;
    const gone = [...kept.files.keys()].filter((file) => !wanted.has(file) && isDroppable(file, kept, closed));
    if (gone.length + fresh.length <= FILES_AT_ONCE) {
      // One transaction: a call that moved to another hour is in one of them.
      if (gone.length + fresh.length > 0) await replace(table, kept, gone, fresh);
      return !isClosed;
    }
    return onOneThread(await writer(), async () => {
      for (let n = 0; n < fresh.length && !isClosed; n += FILES_AT_ONCE)
        await replace(table, kept, [], fresh.slice(n, n + FILES_AT_ONCE));
      await replace(table, kept, gone, []);
      return !isClosed;
    });
  }

  return {
    update: (tables, closed) =>
      inTurn(async () => {
        const all = new Set<Table>();
        for (const table of tables) {
          // The query reads the files instead, and reports what is wrong with them.
          if (await updateOne(table, closed).catch(() => false)) all.add(table);
        }
        return all;
      }),
    close() {
      isClosed = true;
      void last.then(async () => (await connection)?.closeSync());
    },
  };
}

/**
 * Runs `work` while DuckDB has one thread: two that read many small files take more than twice the CPU time of one
 * (1,000 files of conversations: 3.2 s instead of 1.6 s; DuckDB 1.5.6, 2026-11). Other queries run meanwhile.
 */
async function onOneThread<Result>(on: DuckDBConnection, work: () => Promise<Result>): Promise<Result> {
  await on.run("set threads = 1");
  try {
    return await work();
  } finally {
    await on.run("reset threads");
  }
}

/**
 * Whether the rows of a file that is not in the listing can be dropped: the file was deleted, or its hour is not live any
 * more, and no query that began before can still run.
 */
function isDroppable(file: string, { lastLive }: Kept, closed: ClosedDays): boolean {
  const hour = hourInLiveKey(file);
  return isLive(hour, closed) || Date.now() - (lastLive.get(hour) ?? 0) > DROP_AFTER_MS;
}
