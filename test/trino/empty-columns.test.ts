import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { namedTable } from "../../infrastructure/commands/toolkit/text-table.ts";
import { openLocalEngine } from "../../queries/engine/local-engine.client.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { rowsIn } from "../../queries/tables/read-parquet.ts";
import type { AnyRow, Table } from "../../queries/tables/table.ts";
import { tableNamed, writeObject } from "../queries/analytics-folder.ts";
import { anyValues } from "../queries/cases.ts";
import { longCalls } from "../support/fixtures/long-calls.ts";
import { aWorld } from "../support/fixtures/world.ts";
import { aDatabase } from "./glue-tables.ts";
import { describeTrino, TRINO } from "./trino.ts";
import { type Place, trinoEngine } from "./trino-engine.ts";

/** `CALLS=1000 ROUNDS=5 npm run test:trino -- test/trino/empty-columns.test.ts` takes some minutes. */
const CALLS = Number(process.env["CALLS"] ?? 50);
const ROUNDS = Number(process.env["ROUNDS"] ?? 1);
const TURNS = 40;
const DAY = "2026-11-01";

/** Questions about calls and turns. Only these two tables are written: they have the most columns. */
const QUERIES = ["busy-hours", "calls-per-day", "drop-off", "unanswered-questions"];
const WRITTEN = ["conversations", "turns"];
const queries = (await readSavedQueries()).filter(({ name }) => QUERIES.includes(name));

/** Live objects without the columns that are empty in them, and unchanged ones. */
const LAYOUTS = ["omitted", "stored"] as const;
type Layout = (typeof LAYOUTS)[number];

describeTrino(`the empty columns in live objects of ${CALLS} calls of ${TURNS} turns`, () => {
  const bytes = new Map<string, Record<Layout, number>>();
  const places = new Map<Layout, { readonly place: Place; readonly folder: string }>();
  /** The CPU milliseconds of each run, by engine, query and layout. */
  const times = new Map<string, number[]>();

  beforeAll(async () => {
    for (const layout of LAYOUTS) {
      const { place, bucket } = await aDatabase(TRINO.url, "folder");
      places.set(layout, { place, folder: join(TRINO.folder, bucket) });
    }
    for (const { endedAt, transcription, others } of longCalls(CALLS, TURNS, DAY, 1)) {
      const world = aWorld();
      for (const body of [transcription, ...others]) await world.take(body, endedAt);
      for (const [key, { body }] of world.analytics.objects) if (key.startsWith("live/")) await writeBoth(key, body);
    }
  }, 1_800_000);

  async function writeBoth(key: string, stored: Buffer): Promise<void> {
    const table = tableNamed(key.split("/")[1] ?? "");
    const rows = await rowsIn(table, stored);
    const bodies = { omitted: parquetFile(withoutEmptyColumns(table, rows), rows), stored };
    const sum = bytes.get(table.name) ?? { omitted: 0, stored: 0 };
    for (const layout of LAYOUTS) {
      sum[layout] += bodies[layout].length;
      if (WRITTEN.includes(table.name)) await writeObject(places.get(layout)?.folder ?? "", key, bodies[layout]);
    }
    bytes.set(table.name, sum);
  }

  /** The answers of both engines. */
  async function answers({ name, ...query }: SavedQuery, layout: Layout, isMeasured: boolean): Promise<unknown[]> {
    const { place, folder } = places.get(layout) ?? {};
    if (!place || !folder) throw new Error(`${layout} was not written`);
    const values = anyValues({ name, ...query }, DAY, DAY);
    const trino = await trinoEngine(place).run(query.sql, values);
    const engine = await openLocalEngine(folder);
    const before = process.cpuUsage();
    const duckdb = await engine.run(query.sql, values).finally(engine.close);
    const { user, system } = process.cpuUsage(before);
    for (const [by, ms] of [["Trino", trino.cpuMilliseconds] as const, ["DuckDB", (user + system) / 1000] as const]) {
      const key = `${by} ${name} ${layout}`;
      if (isMeasured) times.set(key, [...(times.get(key) ?? []), ms]);
    }
    return [trino.rows, duckdb.rows];
  }

  test.each(queries)("do not change the answer of $name", { timeout: 1_800_000 }, async (query) => {
    // Round 0 is not measured, because Trino compiles the query.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const omitted = await answers(query, "omitted", round > 0);
      expect(await answers(query, "stored", round > 0)).toEqual(omitted);
    }
  });

  test("cost bytes and time, which are printed", () => {
    const total = [...bytes.values()].reduce((sum, { omitted, stored }) => ({
      omitted: sum.omitted + omitted,
      stored: sum.stored + stored,
    }));
    const sizes = [...bytes, ["all", total] as const].map(([table, { omitted, stored }]) =>
      rowOf([table], omitted / CALLS, stored / CALLS),
    );
    const durations = ["Trino", "DuckDB"].flatMap((engine) =>
      queries.map(({ name }) => {
        const [omitted, stored] = LAYOUTS.map((layout) => median(times.get(`${engine} ${name} ${layout}`) ?? []));
        return rowOf([engine, name], omitted ?? Number.NaN, stored ?? Number.NaN);
      }),
    );
    const columns = ["omitted", "stored", "more, %"];
    process.stdout.write(`\nbytes for each call\n${namedTable(["table", ...columns], sizes)}\n`);
    process.stdout.write(`CPU milliseconds\n${namedTable(["engine", "query", ...columns], durations)}\n`);
    expect(durations.flat()).not.toContain(Number.NaN);
  });
});

/** `table` without the columns that are null in every row. */
function withoutEmptyColumns(table: Table, rows: readonly AnyRow[]): Table {
  const columns = Object.entries(table.columns).filter(
    ([name, { required }]) => required || rows.some((row) => row[name] !== null),
  );
  return { ...table, columns: Object.fromEntries(columns) };
}

function rowOf(names: readonly string[], omitted: number, stored: number): (string | number)[] {
  return [...names, Math.round(omitted), Math.round(stored), Math.round((stored / omitted - 1) * 1000) / 10];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
