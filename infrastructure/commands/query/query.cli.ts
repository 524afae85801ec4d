import { existsSync } from "node:fs";
import { join } from "node:path";
import { ParameterError, parameterValues } from "../../../queries/engine/parameter-values.ts";
import { type Answer, QueryFailed } from "../../../queries/engine/query-engine.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import type { SavedQuery } from "../../../queries/engine/saved-queries.ts";
import { drawn } from "../toolkit/chart.ts";
import { WrongUsage } from "../toolkit/command.ts";
import { nearest } from "../toolkit/nearest.ts";
import { present } from "../toolkit/present.ts";
import type { AthenaPlace } from "./ask-athena.client.ts";
import { COMMAND, explained, listed } from "./listing.ts";
import { commandOf } from "./query-command.ts";

const HELP = `Asks the archive a question.

  ${COMMAND}                               lists the questions
  ${COMMAND} NAME [VALUE…]                 answers one
  ${COMMAND} NAME --help                   says what it answers and which values it takes

  --format table|json|csv     how the answer is written (table)
  --chart                     draws the answer, where it has a natural chart
  --athena                    asks the archive that is deployed on AWS, not the one on this machine,
  --stack NAME                by the outputs of this stack (CallArchive),
  --workgroup W --database D  or in these, without a look at the stack
  --help                      this

Dates are UTC, written as 2026-11-01, today or "30 days ago". Values begin with what must be given, or are in the
order of the query's own parameters; each may be given by its name, too.
A value that begins with a dash comes after --.

  ${COMMAND} calls-per-day 2026-11-01 2026-11-30
  ${COMMAND} find-phrase "opening hours" speaker=user --format json
  ${COMMAND} slow-turns from="7 days ago" --chart --athena

The folder on this machine is ARCHIVE_DIR (.archive). On AWS it takes credentials, AWS_REGION, and the rights of the
stack's policy for analysts; what it read and what that costs is said on standard error, and Ctrl-C stops it there.

Exit status: 0 answered, 1 could not, 2 not asked correctly, 130 stopped.
`;

async function main(): Promise<string> {
  const { name, values, format, chart, help, athena } = commandOf(process.argv.slice(2));
  if (help && name === undefined) return HELP;
  const queries = await readSavedQueries();
  if (name === undefined) return listed(queries);

  const query = queries.find((candidate) => candidate.name === name);
  if (query === undefined) throw new WrongUsage(unknown(name, queries));
  if (help) return explained(query);
  if (chart && !query.chart) throw new WrongUsage(`${name} has no natural chart. These have: ${charted(queries)}.`);

  const parameters = parameterValues(query, values, new Date());
  const answer = athena ? await onAthena(query, parameters, athena) : await onThisMachine(query, parameters);
  const { columns } = process.stdout;
  return chart && query.chart ? drawn(answer, query.chart, columns ?? 100) : present(answer, format, columns);
}

/** What needs a database or AWS is loaded where it is used, so that the rest does not wait for it. */
async function onThisMachine(query: SavedQuery, parameters: readonly string[]): Promise<Answer> {
  const folder = process.env["ARCHIVE_DIR"] || ".archive";
  if (!existsSync(folder)) process.stderr.write(noArchive(folder));
  const { openLocalEngine } = await import("../../../queries/engine/local-engine.client.ts");
  const engine = await openLocalEngine(join(folder, "analytics"));
  return engine.run(query.sql, parameters).finally(engine.close);
}

async function onAthena(query: SavedQuery, parameters: readonly string[], place: AthenaPlace): Promise<Answer> {
  const { askAthena } = await import("./ask-athena.client.ts");
  const stop = new AbortController();
  process.once("SIGINT", () => {
    process.exitCode = 130;
    process.stderr.write("\nStopping it on Athena, too.\n");
    stop.abort();
  });
  return askAthena(query.sql, parameters, place, stop.signal);
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

function charted(queries: readonly SavedQuery[]): string {
  return queries.flatMap(({ name, chart }) => (chart ? [name] : [])).join(", ");
}

/** 2 for what the person can ask differently, 1 for what the archive cannot answer; a bug of ours is thrown on. */
function exitCode(error: unknown): number {
  if (error instanceof WrongUsage || error instanceof ParameterError) return 2;
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
  // Whoever stopped it has been told, and knows.
  process.exitCode ??= exitCode(error);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
