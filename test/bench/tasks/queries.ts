import { openDuckdb, openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { parameterValues } from "../../../queries/engine/parameter-values.ts";
import type { QueryEngine } from "../../../queries/engine/query-engine.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import type { SavedQuery } from "../../../queries/engine/saved-queries.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { sqlLiteral, sqlName } from "../../../queries/tables/sql-text.ts";
import { DAYS, dateOf, idOf } from "../made/templates.ts";
import { PHRASE, RAW_QUERIES, rawSql } from "../raw-sql.ts";
import type { TaskOptions, TaskResult } from "../tasks.ts";
import { clocked } from "../timed.ts";

/** A query is repeated until its runs took this long. */
const MOST_MS = 4_000;

/** A value for each parameter without a default. */
const VALUES: Readonly<Record<string, string>> = { phrase: PHRASE, conversation: idOf(0) };

/**
 * Runs saved queries on the analytics in `folder`, and a bare scan of the columns of each. All days are closed, all live
 * if `side` is "live", or as on record if it is "recorded". `only` is a list of queries, separated by commas; by default all. Returns milliseconds.
 */
export async function queries({ folder, side, runs, only = "" }: TaskOptions): Promise<TaskResult> {
  const isRecorded = side === "recorded";
  const firstLiveDay = isRecorded ? undefined : dateOf(side === "live" ? 0 : DAYS);
  const engine = await openLocalEngine(String(folder), firstLiveDay);
  const isSelected = isIn(only);
  const selected = (await readSavedQueries()).filter(({ name }) => isSelected(name));
  const caller = await someCaller(engine);
  const result: Record<string, number[]> = {};
  for (const query of selected) {
    const values = valuesFor(query, caller);
    result[query.name] = await repeated(Number(runs), () => engine.run(query.sql, values));
    const scans = bareScans(query);
    result[`${query.name} floor`] = await repeated(Number(runs), async () => {
      for (const scan of scans) await engine.run(scan, []);
    });
  }
  engine.close();
  return result;
}

/** Runs the statements over the raw JSON in `folder`, or those in `only`. Returns milliseconds. */
export async function rawQueries({ folder, runs, only = "" }: TaskOptions): Promise<TaskResult> {
  const duckdb = await openDuckdb();
  const connection = await duckdb.connect();
  const result: Record<string, number[]> = {};
  for (const name of RAW_QUERIES.filter(isIn(only))) {
    result[name] = await repeated(Number(runs), () => connection.runAndReadAll(rawSql(name, String(folder))));
  }
  connection.closeSync();
  duckdb.closeSync();
  return result;
}

/** Whether a name is in a list, separated by commas. An empty list has every name. */
function isIn(list: string | number): (name: string) => boolean {
  const names = String(list).split(",");
  return (name) => list === "" || names.includes(name);
}

/** The times of at most `runs` runs, after one that does not count unless it is slow. */
async function repeated(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const { ms: first } = await clocked(work);
  if (first > MOST_MS) return [first];
  const times: number[] = [];
  for (let spent = 0; times.length < runs && spent < MOST_MS; ) {
    const { ms } = await clocked(work);
    times.push(ms);
    spent += ms;
  }
  return times;
}

async function someCaller(engine: QueryEngine): Promise<string> {
  const { rows } = await engine.run("select max(caller) from conversations", []);
  return String(rows[0]?.[0]);
}

function valuesFor(query: SavedQuery, caller: string): string[] {
  const given = query.parameters.flatMap(({ name, default: otherwise, choices }) => {
    if (name === "from") return [`from=${dateOf(0)}`];
    if (name === "to") return [`to=${dateOf(DAYS - 1)}`];
    if (otherwise !== undefined) return [];
    return [`${name}=${name === "caller" ? caller : (VALUES[name] ?? choices?.[0] ?? "1")}`];
  });
  return parameterValues(query, given, new Date(`${dateOf(DAYS - 1)}T00:00:00Z`));
}

/** Statements that read the columns that a query names, in the same days, and compute nothing else. */
function bareScans({ reads, sql }: SavedQuery): string[] {
  const words = new Set(sql.replaceAll(/^--.*$/gm, "").match(/\w+/g));
  return TABLES.filter(({ name }) => reads.includes(name)).map(({ name, columns }) => {
    const named = Object.keys(columns).filter((column) => words.has(column));
    const counts = named.map((column) => `count(${sqlName(column)})`).join(", ");
    const days = `dt between ${sqlLiteral(dateOf(0))} and ${sqlLiteral(dateOf(DAYS - 1))}`;
    return `select ${counts} from ${sqlName(name)} where ${days}`;
  });
}
