import { sep } from "node:path";
import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from "@duckdb/node-api";
import { TABLES } from "../tables/all.ts";
import { parsedJson } from "../tables/parsed-json.ts";
import { sqlLiteral } from "../tables/sql-text.ts";
import { updateViews, whileFilesChange } from "./connection-views.client.ts";
import { ATHENA_DEFAULTS, cell, openDuckdb, readClosedDays, viewStatements } from "./local-engine.client.ts";
import { type OwnAnswer, type OwnSqlLimits, OwnSqlRefused } from "./own-sql.ts";
import { OUT_OF_MEMORY, refusalOf } from "./people-words.ts";
import { placeAt, placeOfWord } from "./place.ts";
import { type Cell, QueryFailed } from "./query-engine.ts";
import { type Allowed, notAllowed } from "./select-check.ts";
import { duckdbSql, InvalidSql } from "./translate.ts";

/** Functions that read settings, plans, variables or other SQL. All others that DuckDB calls consistent only compute. */
const REFUSED_FUNCTIONS =
  /^(current_setting|getvariable|json_(de)?serialize_\w+|json_execute_\w+|parse_duckdb_log_message|__internal_\w+|pg_\w+|has_\w+_privilege|inet_\w+|in_search_path|current_(query|database|schema|schemas|catalog|role|user)|session_user|user|txid_current|version|get_block_size|create_sort_key|can_cast_implicitly|(col|obj|shobj)_description)$/;

/** Functions that return another value each time, and are safe. */
const VOLATILE: readonly string[] = ["random", "uuid"];

/** An engine for statements that a person writes. It runs one at a time. */
export interface GuardedEngine {
  /** @throws {OwnSqlRefused} */
  run(sql: string): Promise<OwnAnswer>;
}

/**
 * Opens an engine that runs SELECT on the tables in `analyticsDir`, and nothing else.
 *
 * DuckDB itself refuses every file outside of that folder, extensions, and changes of these settings. Inside, it reads
 * only what `notAllowed` accepts. A statement may still use more memory than DuckDB counts, or ignore an interrupt. So
 * open it in a process that can be killed.
 */
export async function openGuardedEngine(analyticsDir: string, limits: OwnSqlLimits): Promise<GuardedEngine> {
  const duckdb = await openDuckdb();
  const connection = await duckdb.connect();
  for (const statement of [...ATHENA_DEFAULTS, ...guards(analyticsDir, limits)]) await connection.run(statement);
  const prepared = { connection, views: new Map<string, string>() };
  const allowed = { tables: new Set(TABLES.map(({ name }) => name)), functions: await functionsOf(connection) };
  return {
    async run(sql) {
      const translated = translate(sql);
      await checkStatement(sql, translated, allowed, connection);
      await whileFilesChange(async () => {
        const closed = await readClosedDays(analyticsDir);
        await updateViews(prepared, TABLES, await viewStatements(analyticsDir, closed, TABLES));
      });
      return runWithin(sql, translated, connection, limits);
    },
  };
}

function guards(analyticsDir: string, { memoryMegabytes }: OwnSqlLimits): string[] {
  const folder = `${analyticsDir.replaceAll(sep, "/").replace(/\/$/, "")}/`;
  return [
    "set temp_directory = ''",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    `set memory_limit = ${sqlLiteral(`${memoryMegabytes}MB`)}`,
    "set max_expression_depth = 250",
    `set allowed_directories = [${sqlLiteral(folder)}]`,
    "set enable_external_access = false",
    "set lock_configuration = true",
  ];
}

async function functionsOf(connection: DuckDBConnection): Promise<Set<string>> {
  const read = await connection.runAndReadAll(`
    select distinct lower(function_name) from duckdb_functions()
    where function_type in ('scalar', 'aggregate', 'macro')
      and coalesce(stability, 'CONSISTENT') in ('CONSISTENT', 'CONSISTENT_WITHIN_QUERY')`);
  const names = read.getRows().map(([name]) => String(name));
  return new Set([...names.filter((name) => !REFUSED_FUNCTIONS.test(name)), ...VOLATILE]);
}

function translate(sql: string): string {
  try {
    return duckdbSql(sql);
  } catch (error) {
    if (!(error instanceof QueryFailed)) throw error;
    const at = error instanceof InvalidSql ? error.at : undefined;
    throw new OwnSqlRefused(untranslated(error.message), at && placeAt(sql, at.start, at.end));
  }
}

function untranslated(message: string): string {
  if (/there are 0\.$/.test(message)) return "There is no statement. Write a SELECT.";
  if (/^Only one/.test(message))
    return "Only one SELECT can be run at a time. Remove the semicolon and what follows it.";
  if (/NESTING_DEPTH|call stack/.test(message))
    return "The statement is nested too deeply. Write it in steps, with WITH.";
  const [, line, column, why] = /error at line (\d+), column (\d+): (.*)/s.exec(message) ?? [];
  if (line === undefined) return message;
  const reason = why?.replace("Invalid expression / Unexpected token", "a word is not expected here");
  return `The SQL cannot be read at line ${line}, column ${column}: ${reason}.`;
}

async function checkStatement(
  sql: string,
  translated: string,
  allowed: Allowed,
  connection: DuckDBConnection,
): Promise<void> {
  const read = await connection.runAndReadAll("select json_serialize_sql(cast(? as varchar))", [translated]);
  const problem = notAllowed(parsedJson(String(read.getRows()[0]?.[0])), allowed);
  if (problem)
    throw new OwnSqlRefused(problem.message, problem.word === undefined ? undefined : placeOfWord(sql, problem.word));
}

async function runWithin(
  sql: string,
  translated: string,
  connection: DuckDBConnection,
  limits: OwnSqlLimits,
): Promise<OwnAnswer> {
  try {
    return await rowsOf(await onlySelect(translated, connection), limits);
  } catch (error) {
    if (error instanceof OwnSqlRefused) throw error;
    throw refusalOf(error instanceof Error ? error.message : String(error), sql, translated);
  }
}

async function onlySelect(translated: string, connection: DuckDBConnection): Promise<DuckDBPreparedStatement> {
  const statements = await connection.extractStatements(translated);
  const statement = await statements.prepare(0);
  if (statements.count !== 1 || statement.statementType !== StatementType.SELECT)
    throw new OwnSqlRefused("Only one SELECT can be run at a time.");
  return statement;
}

/** Reads rows until there are no more, or until a limit. The rest is never computed. */
async function rowsOf(statement: DuckDBPreparedStatement, limits: OwnSqlLimits): Promise<OwnAnswer> {
  const result = await statement.stream();
  const types = result.columnTypes();
  const columns = uniqueNames(result.columnNames()).map((name, index) => ({ name, type: String(types[index]) }));
  const rows: Cell[][] = [];
  let characters = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return { columns, rows, isCut: false };
    for (const values of chunk.getRows()) {
      const row = values.map(cell);
      for (const each of row) characters += typeof each === "string" ? each.length : 8;
      if (rows.length === 0 && characters > limits.characters) throw new OwnSqlRefused(OUT_OF_MEMORY);
      if (rows.length === limits.rows || characters > limits.characters) return { columns, rows, isCut: true };
      rows.push(row);
    }
  }
}

/** Two columns may have one name. The second one is `name_2`, so that neither is lost. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; taken.has(unique); count += 1) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}
