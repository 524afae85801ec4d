import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell, QueryResult } from "../../queries/engine/query-engine.ts";
import type { ParameterType, SavedQuery } from "../../queries/engine/saved-queries.ts";
import type { Tables } from "./analytics-folder.ts";

/** One case of one query, as the JSON files in `cases/{query}/` hold it. */
export interface Case {
  readonly query: string;
  /** What it shows, in words: the file's name. */
  readonly shows: string;
  readonly tables: Tables;
  /** By name, so that a case reads without the query beside it. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly expected: readonly Readonly<Record<string, string | number | boolean | null>>[];
}

const FOLDER = join(import.meta.dirname, "cases");

/** Every case of every query. Any engine can be held to them. */
export function cases(): Case[] {
  return readdirSync(FOLDER).flatMap((query) =>
    readdirSync(join(FOLDER, query)).map((file) => ({
      query,
      shows: file.replace(".json", "").replaceAll("_", " "),
      ...JSON.parse(readFileSync(join(FOLDER, query, file), "utf8")),
    })),
  );
}

/** The case's parameters in the order of the query's `?`. */
export function parametersInOrder(query: SavedQuery, { parameters }: Case): string[] {
  return query.parameters.map(({ name }) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`The case names no parameter "${name}"`);
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

/** The days asked for, and something that each other parameter of `query` takes, in the order of its `?`. */
export function anyValues({ parameters }: SavedQuery, from: string, to: string): string[] {
  return [from, to, ...parameters.slice(2).map(({ type, choices }) => choices?.[0] ?? ANY_VALUE[type])];
}

/** An answer as a case would write it. */
export function plainRows(answer: QueryResult): unknown[] {
  return answer.rows.map((row) =>
    Object.fromEntries(answer.columns.map(({ name }, index) => [name, plain(row[index] ?? null)])),
  );
}

function plain(cell: Cell): unknown {
  if (typeof cell === "bigint") return Number(cell);
  return cell instanceof Date ? cell.toISOString() : cell;
}
