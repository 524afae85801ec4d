import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { at } from "../../handlers/call/json.ts";
import { folderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";
import { compact } from "../../handlers/compact/compact.ts";
import { createViews } from "../../handlers/compact/create-views.ts";
import { textTable } from "../../infrastructure/commands/toolkit/text-table.ts";
import { openLocalEngine } from "../../queries/engine/local-engine.client.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import { writeObject } from "../queries/analytics-folder.ts";
import { anyValues } from "../queries/cases.ts";
import { longCalls } from "../support/fixtures/long-calls.ts";
import { aWorld } from "../support/fixtures/world.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { describeTrino, TRINO } from "./trino.ts";
import { statement, trinoEngine } from "./trino-engine.ts";

/** `CALLS=10000 npm run test:trino -- test/trino/closed-days.test.ts` takes a quarter of an hour. */
const CALLS = Number(process.env["CALLS"] ?? 1_000);
const TURNS = 40;
const DAY = "2026-11-01";

/**
 * The least ratio of the day's raw JSON bytes to the bytes that a query reads: live, and closed. It was 5 for live days
 * while live objects left out empty columns (docs/decisions, 2026-11-30-live-objects-have-every-column).
 */
const FEWER_BYTES = { live: 3.5, closed: 20 };

/** The least speed-up of a query on Trino after its day is closed, from this number of calls. */
const FASTER = { times: 10, calls: 10_000 };

/** Queries for which reading every word takes longer than opening the objects, and their least speed-up. */
const COMPUTING = new Map([
  ["silences", { times: 1.5, since: "it has three windows and a grouping over all turns" }],
  ["find-phrase", { times: 3, since: "it compares each turn, and has a window over all of them" }],
  ["phrase-missing", { times: 3, since: "it joins each turn with its call, and aggregates the turns to one text" }],
  ["unanswered-questions", { times: 3, since: "it matches each turn of the agent, and has a window over most turns" }],
  ["interruptions", { times: 3, since: "it counts the words of each turn" }],
  ["personal-data", { times: 5, since: "it matches several patterns on each turn" }],
]);

const queries = await readSavedQueries();

interface Measurements {
  readonly bytes: number;
  readonly milliseconds: number;
}

describeTrino(`a day of ${CALLS} calls of ${TURNS} turns`, () => {
  let tables: Tables;
  let folder = "";
  let rawBytes = 0;
  let aCall = "";
  const before = new Map<string, { trino: Measurements; duckdb: Measurements }>();
  const after: typeof before = new Map();
  let stored = "";

  async function measure(query: SavedQuery, into: typeof before): Promise<void> {
    const { name, sql, parameters } = query;
    // For an unknown call Trino would read only the statistics.
    const values = anyValues(query, DAY, DAY).map((value, n) =>
      parameters[n]?.name === "conversation" ? aCall : value,
    );
    const trino = await trinoEngine(tables.place).run(sql, values);
    const engine = await openLocalEngine(folder);
    const [bytes, start] = [await bytesRead(), performance.now()];
    await engine.run(sql, values).finally(engine.close);
    const duckdb = { bytes: (await bytesRead()) - bytes, milliseconds: performance.now() - start };
    into.set(name, { trino, duckdb });
  }

  beforeAll(async () => {
    tables = await aDatabase(TRINO.url, "folder");
    folder = join(TRINO.folder, tables.bucket);
    for (const { endedAt, transcription, others } of longCalls(CALLS, TURNS, DAY, 1)) {
      const world = aWorld();
      rawBytes += transcription.length;
      aCall = String(at(JSON.parse(transcription.toString()), "data", "conversation_id"));
      for (const body of [transcription, ...others]) await world.take(body, endedAt);
      for (const [key, { body }] of world.analytics.objects) await writeObject(folder, key, body);
    }
    // The first queries include the start of the server, and would distort the table.
    for (const query of queries.slice(0, 5)) await measure(query, new Map());
    for (const query of queries) await measure(query, before);

    const { days } = await compact({
      analytics: folderArchive(TRINO.folder, tables.bucket),
      moveViews: (closed) => createViews((sql) => statement(tables.place, sql), closed),
      leaseOptions: { holder: "test", seconds: 900, isExclusive: true },
      longestQuerySeconds: 0,
      closeAfterHours: 3,
      now: () => new Date("2026-11-03T04:00:00Z"),
      hasTime: () => true,
    });
    const [day] = days.map(({ record }) => record);
    const sum = (metric: "objects" | "live_bytes" | "parts" | "bytes") =>
      (day ?? []).reduce((total, shard) => total + (shard?.[metric] ?? 0), 0);
    stored = `${sum("objects")} objects of ${megabytes(sum("live_bytes"))} MB became ${sum("parts")} of ${megabytes(sum("bytes"))} MB; the raw JSON has ${megabytes(rawBytes)} MB.`;
    for (const query of queries.slice(0, 5)) await measure(query, new Map());
    for (const query of queries) await measure(query, after);
  }, 1_800_000);

  test.each(queries)("$name reads far less than the raw bytes, the more so when the day is closed", ({ name }) => {
    const times = (measurements: typeof before) =>
      rawBytes / (measurements.get(name)?.trino.bytes ?? Number.POSITIVE_INFINITY);
    expect(times(before)).toBeGreaterThanOrEqual(FEWER_BYTES.live);
    expect(times(after)).toBeGreaterThanOrEqual(FEWER_BYTES.closed);
  });

  // With fewer calls the times depend more on other things, such as the load of the machine.
  if (CALLS >= FASTER.calls) {
    test.each(queries)("$name is much faster when the day is closed", ({ name }) => {
      const [slow, fast] = [before, after].map((measurements) => measurements.get(name)?.trino.milliseconds ?? 0);
      expect((slow ?? 0) / (fast ?? 0)).toBeGreaterThanOrEqual(COMPUTING.get(name)?.times ?? FASTER.times);
    });
  }

  test("is printed as a table", () => {
    const names = ["query"];
    for (const engine of ["Trino", "DuckDB"]) {
      names.push(`${engine}: s before`, "s after", "MB before", "MB after");
    }
    names.splice(3, 0, "times faster");
    names.splice(6, 0, "times fewer than raw");
    const columns = names.map((name) => ({ name, type: "" }));
    const rows = queries.map(({ name }) => {
      const [was, is] = [before.get(name), after.get(name)];
      if (!was || !is) throw new Error(`${name} was not measured`);
      return [
        name,
        seconds(was.trino),
        seconds(is.trino),
        Math.round(was.trino.milliseconds / is.trino.milliseconds),
        megabytes(was.trino.bytes),
        megabytes(is.trino.bytes),
        Math.round(rawBytes / is.trino.bytes),
        seconds(was.duckdb),
        seconds(is.duckdb),
        megabytes(was.duckdb.bytes),
        megabytes(is.duckdb.bytes),
      ];
    });
    const exceptions = [...COMPUTING].map(([name, { since }]) => `${name} is slower to compute: ${since}.\n`).join("");
    process.stdout.write(`\n${textTable({ columns, rows })}${stored}\n${exceptions}\n`);
    expect(rows).toHaveLength(queries.length);
  });
});

/** The bytes that this process has read from files, if the system counts them. DuckDB does not report its own. */
async function bytesRead(): Promise<number> {
  const counters = await readFile("/proc/self/io", "utf8").catch(() => "");
  return Number(/^rchar: (\d+)$/m.exec(counters)?.[1] ?? Number.NaN);
}

function seconds({ milliseconds }: Measurements): number {
  return Math.round(milliseconds / 10) / 100;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 10_000) / 100;
}
