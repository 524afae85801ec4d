import { ParameterError, parameterValues } from "../../../queries/engine/parameter-values.ts";
import { QueryFailed, type QueryResult } from "../../../queries/engine/query-engine.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import type { SavedQuery } from "../../../queries/engine/saved-queries.ts";
import { chartText } from "../toolkit/chart.ts";
import { notFoundMessage } from "../toolkit/nearest.ts";
import { present } from "../toolkit/present.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import { queryHelp, queryList } from "./listing.ts";
import type { QueryRequest } from "./query.command.ts";

/** Prints the result of the named query, or the list of queries. */
export async function runQuery(request: QueryRequest, terminal: Terminal): Promise<void> {
  const queries = await readSavedQueries();
  if (request.name === undefined) return terminal.print(queryList(queries));
  try {
    terminal.print(await runNamedQuery(request, queryIn(queries, request.name), queries, terminal));
  } catch (error) {
    if (error instanceof ParameterError) throw new WrongUsage(error.message, { cause: error });
    if (!(error instanceof QueryFailed)) throw error;
    terminal.fail(error.message);
  }
}

/**
 * Returns the help on the saved query `name`.
 *
 * @throws WrongUsage if there is no such query.
 */
export async function helpOn(name: string): Promise<string> {
  return queryHelp(queryIn(await readSavedQueries(), name));
}

async function runNamedQuery(
  { name, values, format, chart, athena }: QueryRequest,
  query: SavedQuery,
  queries: readonly SavedQuery[],
  terminal: Terminal,
): Promise<string> {
  if (chart && !query.chart)
    throw new WrongUsage(`${name} has no chart. These queries have one: ${chartList(queries)}.`);
  const parameters = parameterValues(query, values, new Date());
  const answer = athena
    ? await queryStack(query, parameters, athena, terminal)
    : await queryThisMachine(query, parameters, terminal);
  const { columns } = terminal;
  return chart && query.chart ? chartText(answer, query.chart, columns ?? 100) : present(answer, format, columns);
}

/** Loads the database only here, so that help and lists are fast. */
async function queryThisMachine(
  query: SavedQuery,
  parameters: readonly string[],
  terminal: Terminal,
): Promise<QueryResult> {
  const { queryFolder } = await import("./query-folder.client.ts");
  return queryFolder(query.sql, parameters, terminal);
}

async function queryStack(
  query: SavedQuery,
  parameters: readonly string[],
  target: NonNullable<QueryRequest["athena"]>,
  terminal: Terminal,
): Promise<QueryResult> {
  const { queryAthena } = await import("./query-athena.client.ts");
  const signal = terminal.stopSignal();
  signal.addEventListener("abort", () => {
    terminal.exitWith(130);
    terminal.printNote("\nStopping the query on Athena.");
  });
  return queryAthena(query.sql, parameters, target, signal, terminal);
}

function queryIn(queries: readonly SavedQuery[], name: string): SavedQuery {
  const query = queries.find((candidate) => candidate.name === name);
  if (query === undefined) {
    const names = queries.map((each) => each.name);
    throw new WrongUsage(notFoundMessage("query", name, names));
  }
  return query;
}

function chartList(queries: readonly SavedQuery[]): string {
  return queries.flatMap(({ name, chart }) => (chart ? [name] : [])).join(", ");
}
