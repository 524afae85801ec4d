import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { textTable } from "../../queries/engine/text-table.ts";
import { longCalls } from "../fixtures/long-calls.ts";
import { aWorld } from "../fixtures/world.ts";
import { writeObject } from "../queries/analytics-folder.ts";
import { anyValues } from "../queries/cases.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { describeTrino, TRINO } from "./trino.ts";
import { trinoEngine } from "./trino-engine.ts";

const CALLS = 2_000;
const TURNS = 40;
const [FIRST_DAY, LAST_DAY, DAYS] = ["2026-11-01", "2026-11-10", 10];

/** How many times fewer bytes a question must read than the raw JSON of the same days has. */
const AT_LEAST = 5;

const queries = await readSavedQueries();

describeTrino(`${CALLS} calls of ${TURNS} turns in ${DAYS} days`, () => {
  let tables: Tables;
  let rawBytes = 0;
  const figures: [name: string, megabytes: number, times: number, seconds: number][] = [];

  beforeAll(async () => {
    tables = await aDatabase(TRINO.url, "folder");
    const folder = join(TRINO.folder, tables.bucket);
    for (const { endedAt, transcription, others } of longCalls(CALLS, TURNS, FIRST_DAY, DAYS)) {
      const world = aWorld();
      rawBytes += transcription.length;
      for (const body of [transcription, ...others]) await world.take(body, endedAt);
      for (const [key, { body }] of world.analytics.objects) await writeObject(folder, key, body);
    }
    // What is asked first pays for the start of the server, and would stand out in the table.
    for (const query of queries.slice(0, 3)) {
      await trinoEngine(tables.place).run(query.sql, anyValues(query, FIRST_DAY, LAST_DAY));
    }
  });

  test.each(queries)(`$name reads at most a ${AT_LEAST}th of the raw bytes`, async (query) => {
    const values = anyValues(query, FIRST_DAY, LAST_DAY);
    const { bytes, milliseconds } = await trinoEngine(tables.place).run(query.sql, values);
    const times = rawBytes / bytes;
    figures.push([query.name, round(bytes / 1e6), round(times), round(milliseconds / 1e3)]);
    expect(bytes).toBeGreaterThan(0);
    expect(times).toBeGreaterThanOrEqual(AT_LEAST);
  });

  test("is a table to look at", () => {
    const columns = ["query", "MB read", "times fewer than raw", "seconds"].map((name) => ({ name, type: "" }));
    const raw = `The raw JSON of the same days has ${round(rawBytes / 1e6)} MB, ${round(rawBytes / CALLS / 1e3)} kB a call.`;
    process.stdout.write(`\n${textTable({ columns, rows: figures })}${raw}\n\n`);
    expect(figures).toHaveLength(queries.length);
  });
});

function round(figure: number): number {
  return Math.round(100 * figure) / 100;
}
