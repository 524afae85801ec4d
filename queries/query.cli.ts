import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nearest } from "./engine/nearest.ts";
import { givenOrder, ParameterError, parameterValues } from "./engine/parameter-values.ts";
import { FORMATS, type Format, present } from "./engine/present.ts";
import { QueryFailed } from "./engine/query-engine.ts";
import { readSavedQueries } from "./engine/saved-queries.client.ts";
import type { SavedQuery } from "./engine/saved-queries.ts";

const COMMAND = "npm run query --";

const HELP = `Asks the archive on this machine a question.

  ${COMMAND}                               lists the questions
  ${COMMAND} NAME [VALUE…]                 answers one
  ${COMMAND} NAME --help                   says what it answers and which values it takes

  --format table|json|csv   how the answer is written (table)
  --help                    this

Dates are UTC, written as 2026-11-01, today or "30 days ago". Values begin with what must be given; all of them
may also be given in the order of the query's own parameters. A value that begins with a dash comes after --.

  ${COMMAND} calls-per-day 2026-11-01 2026-11-30
  ${COMMAND} find-phrase "opening hours" --format json

The folder is ARCHIVE_DIR (.archive). Exit status: 0 answered, 1 could not, 2 not asked correctly.
`;

/** Something is wrong with how the question was asked. The message tells the person. */
class UsageError extends Error {
  override name = "UsageError";
}

async function main(): Promise<string> {
  const { name, values, format, help } = command(process.argv.slice(2));
  if (help && name === undefined) return HELP;
  const queries = await readSavedQueries();
  if (name === undefined) return list(queries);

  const query = queries.find((candidate) => candidate.name === name);
  if (query === undefined) throw new UsageError(unknown(name, queries));
  if (help) return `${query.header}\n\n${usage(query)}\n`;

  const parameters = parameterValues(query, values, new Date());
  const folder = process.env["ARCHIVE_DIR"] || ".archive";
  if (!existsSync(folder)) process.stderr.write(noArchive(folder));
  // Loaded here, so that what needs no database does not wait for one.
  const { openLocalEngine } = await import("./engine/local-engine.client.ts");
  const engine = await openLocalEngine(join(folder, "analytics"));
  try {
    return present(await engine.run(query.sql, parameters), format, process.stdout.columns);
  } finally {
    engine.close();
  }
}

interface Command {
  name: string | undefined;
  values: string[];
  format: Format;
  help: boolean;
}

function command(args: string[]): Command {
  const { values: options, positionals } = parsed(args);
  const format = FORMATS.find((known) => known === options.format);
  if (format === undefined) {
    throw new UsageError(`There is no format "${options.format}": it is one of ${FORMATS.join(", ")}.`);
  }
  const [name, ...values] = positionals;
  return { name, values, format, help: options.help };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { format: { type: "string", default: "table" }, help: { type: "boolean", short: "h", default: false } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function list(queries: readonly SavedQuery[]): string {
  const width = Math.max(...queries.map(({ name }) => name.length));
  const lines = queries.map(({ name, question }) => `  ${name.padEnd(width)}  ${question}`);
  return `${lines.join("\n")}\n\nAsk one: ${COMMAND} NAME [VALUE…]. More: ${COMMAND} --help\n`;
}

function noArchive(folder: string): string {
  return (
    `${folder} does not exist, so there is nothing in it to be found. ` +
    "`npm start` opens an archive, `npm run demo` makes one of samples. Set ARCHIVE_DIR if yours is elsewhere.\n"
  );
}

function unknown(name: string, queries: readonly SavedQuery[]): string {
  const names = queries.map((query) => query.name);
  const meant = nearest(name, names);
  return `There is no query "${name}". ${meant ? `Did you mean ${meant}?` : `There are: ${names.join(", ")}.`}`;
}

function usage(query: SavedQuery): string {
  const values = givenOrder(query).map((parameter) => {
    const word = parameter.name.toUpperCase();
    return parameter.default === undefined ? word : `[${word}]`;
  });
  return `Usage: ${[COMMAND, query.name, ...values].join(" ")} [--format ${FORMATS.join("|")}]`;
}

/** 2 for what the person can ask differently, 1 for what the archive cannot answer; a bug of ours is thrown on. */
function exitCode(error: unknown): number {
  if (error instanceof UsageError || error instanceof ParameterError) return 2;
  if (error instanceof QueryFailed) return 1;
  throw error;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // `| head` has read enough: that is no failure.
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`The answer could not be written: ${error.message}\n`);
  process.exit(1);
});

try {
  process.stdout.write(await main());
} catch (error) {
  process.exitCode = exitCode(error);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
