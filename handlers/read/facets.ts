import { type CallFilter, filterParameters } from "./call-filter.ts";
import { type JsonCell, jsonRows } from "./json-rows.ts";
import { rangeOf } from "./range.ts";
import type { ReadDeps } from "./read-deps.ts";
import { runQuery } from "./run-query.ts";

/** The columns by which calls are counted. */
export const FACETS = ["agent", "channel", "direction", "outcome", "day"] as const;

/** How many calls have one value. `name` is the name of an agent. */
export interface FacetCount {
  readonly value: JsonCell;
  readonly name: JsonCell;
  readonly calls: number;
}

export type Facets = { readonly calls: number } & Readonly<Record<(typeof FACETS)[number], readonly FacetCount[]>>;

/**
 * How many calls fit `filter`, by agent, channel, direction, outcome and day; the most frequent value first.
 *
 * @throws {Problem} if the range is not valid, or the query fails.
 */
export async function facetsOf(
  filter: CallFilter,
  deps: Pick<ReadDeps, "engine" | "queries" | "now">,
): Promise<Facets> {
  const range = rangeOf(filter, deps.now());
  const rows = jsonRows(await runQuery("facets", filterParameters(filter, range), deps));
  const counts = (facet: string): FacetCount[] =>
    rows
      .filter((row) => row["facet"] === facet)
      .map(({ value = null, name = null, calls }) => ({ value, name, calls: Number(calls) }));
  return {
    calls: counts("all")[0]?.calls ?? 0,
    agent: counts("agent"),
    channel: counts("channel"),
    direction: counts("direction"),
    outcome: counts("outcome"),
    day: counts("day"),
  };
}
