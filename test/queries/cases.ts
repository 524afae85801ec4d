import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell, QueryResult } from "../../queries/engine/query-engine.ts";
import type { ParameterType, SavedQuery } from "../../queries/engine/saved-queries.ts";
import type { Tables } from "./analytics-folder.ts";

/** A case of a query: a JSON file in `cases/{query}/` or `read-cases/{query}/`. */
export interface Case {
  readonly query: string;
  /** The behaviour that it shows: the file's name. */
  readonly shows: string;
  readonly tables: Tables;
  /** By name, so that a case is readable without the query. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly expected: readonly Readonly<Record<string, string | number | boolean | null>>[];
}

/** Every case of every saved query, or of every query of the read API, for every engine. */
export function cases(of: "cases" | "read-cases" = "cases"): Case[] {
  const folder = join(import.meta.dirname, of);
  return readdirSync(folder).flatMap((query) =>
    readdirSync(join(folder, query)).map((file) => ({
      query,
      shows: file.replace(".json", "").replaceAll("_", " "),
      ...JSON.parse(readFileSync(join(folder, query, file), "utf8")),
    })),
  );
}

/** The case's parameters in the order of the query's `?`. */
export function parametersInOrder(query: SavedQuery, { parameters }: Case): string[] {
  return query.parameters.map(({ name }) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`The case has no value for the parameter "${name}"`);
    return value;
  });
}

const ANY_VALUE: Readonly<Record<ParameterType, string>> = {
  string: "x",
  integer: "1",
  double: "1",
  date: "2026-11-01",
  zone: "UTC",
};

/** The two days, and a valid value for each other parameter of `query`, in the order of its `?`. */
export function anyValues({ parameters }: SavedQuery, from: string, to: string): string[] {
  return [from, to, ...parameters.slice(2).map(({ type, choices }) => choices?.[0] ?? ANY_VALUE[type])];
}

/** The rows of a result in the form of a case. */
export function plainRows(answer: QueryResult): unknown[] {
  return answer.rows.map((row) =>
    Object.fromEntries(answer.columns.map(({ name }, index) => [name, plain(row[index] ?? null)])),
  );
}

function plain(cell: Cell): unknown {
  if (typeof cell === "bigint") return Number(cell);
  return cell instanceof Date ? cell.toISOString() : cell;
}
