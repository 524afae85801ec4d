import { textTable } from "../../infrastructure/commands/toolkit/text-table.ts";

/**
 * How a day is read: every call from its live object; from packs of its hours, and live in the last two; from its parts.
 */
export const STAGES = ["live", "packed", "closed"] as const;
export type Stage = (typeof STAGES)[number];

const ENGINES = ["Trino", "DuckDB"] as const;

/** The result of a query on one engine. */
export interface Measured {
  readonly bytes: number;
  readonly milliseconds: number;
  /** The rows as text. */
  readonly answer: string;
}

/** The results of a query by engine and stage. */
export type Results = Readonly<Record<(typeof ENGINES)[number], Record<Stage, Measured>>>;

/** A table of times, and one of bytes, with a line for each query. */
export function stageTables(results: ReadonlyMap<string, Results>, rawBytes: number): string {
  return (
    tableOf(results, "s", ({ milliseconds }) => milliseconds / 1000, [
      ["packed: times faster", ({ Trino: { live, packed } }) => live.milliseconds / packed.milliseconds],
      ["closed", ({ Trino: { live, closed } }) => live.milliseconds / closed.milliseconds],
    ]) +
    tableOf(results, "MB", ({ bytes }) => bytes / 1_000_000, [
      ["packed: times fewer than raw", ({ Trino: { packed } }) => rawBytes / packed.bytes],
      ["closed", ({ Trino: { closed } }) => rawBytes / closed.bytes],
    ])
  );
}

function tableOf(
  results: ReadonlyMap<string, Results>,
  unit: string,
  value: (measured: Measured) => number,
  ratios: readonly (readonly [name: string, (results: Results) => number])[],
): string {
  const cells = ENGINES.flatMap((engine) => STAGES.map((stage) => [engine, stage] as const));
  const names = cells.map(([engine, stage]) => (stage === STAGES[0] ? `${engine}, ${unit}: ${stage}` : stage));
  const columns = ["query", ...names, ...ratios.map(([name]) => name)].map((name) => ({ name, type: "" }));
  const rows = [...results].map(([query, ofQuery]) => [
    query,
    ...cells.map(([engine, stage]) => Math.round(100 * value(ofQuery[engine][stage])) / 100),
    ...ratios.map(([, ratio]) => Math.round(10 * ratio(ofQuery)) / 10),
  ]);
  return `${textTable({ columns, rows })}\n`;
}
