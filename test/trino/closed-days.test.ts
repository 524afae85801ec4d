import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { at } from "../../handlers/call/json.ts";
import { folderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";
import { compact } from "../../handlers/compact/compact.ts";
import type { DayReport } from "../../handlers/compact/compaction.ts";
import { createViews } from "../../handlers/compact/create-views.ts";
import { openLocalEngine } from "../../queries/engine/local-engine.client.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import { writeObject } from "../queries/analytics-folder.ts";
import { anyValues } from "../queries/cases.ts";
import { longCalls } from "../support/fixtures/long-calls.ts";
import { asText } from "../support/fixtures/readers.ts";
import { aWorld } from "../support/fixtures/world.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { type Measured, type Results, STAGES, type Stage, stageTables } from "./stages.ts";
import { describeTrino, TRINO } from "./trino.ts";
import { statement, trinoEngine } from "./trino-engine.ts";

/** `CALLS=10000 npm run test:trino -- test/trino/closed-days.test.ts` takes 20 minutes. */
const CALLS = Number(process.env["CALLS"] ?? 300);
const TURNS = 40;
const DAY = "2026-11-01";

/** When the compactor runs before a stage. At the first time the hours 00 to 21 are packed. */
const COMPACTED_AT = { packed: new Date(`${DAY}T22:20:00Z`), closed: new Date("2026-11-03T04:00:00Z") };

/**
 * The least ratio of the day's raw JSON bytes to the bytes that a query reads. It was 5 for live days while live objects
 * left out empty columns (docs/decisions, 2026-11-30-live-objects-have-every-column).
 */
const FEWER_BYTES: Readonly<Record<Stage, number>> = { live: 3.5, packed: 8, closed: 20 };

/** The least speed-up of a query on Trino after its hours are packed or its day is closed, from this number of calls. */
const FASTER = { packed: 3, closed: 10, calls: 10_000 };

/** Queries for which reading every word takes longer than opening the objects, and their least speed-up when closed. */
const COMPUTING = new Map([
  ["silences", { times: 1.5, since: "it has three windows and a grouping over all turns" }],
  ["find-phrase", { times: 3, since: "it compares each turn, and has a window over all of them" }],
  ["phrase-missing", { times: 3, since: "it joins each turn with its call, and aggregates the turns to one text" }],
  ["unanswered-questions", { times: 3, since: "it matches each turn of the agent, and has a window over most turns" }],
  ["interruptions", { times: 3, since: "it counts the words of each turn" }],
  ["personal-data", { times: 5, since: "it matches several patterns on each turn" }],
]);

const queries = await readSavedQueries();

describeTrino(`a day of ${CALLS} calls of ${TURNS} turns`, () => {
  let tables: Tables;
  let folder = "";
  let rawBytes = 0;
  let aCall = "";
  const results = new Map<string, Results>();
  let stored = "";

  async function measure(query: SavedQuery): Promise<Record<keyof Results, Measured>> {
    const { sql, parameters } = query;
    // For an unknown call Trino would read only the statistics.
    const values = anyValues(query, DAY, DAY).map((value, n) =>
      parameters[n]?.name === "conversation" ? aCall : value,
    );
    const trino = await trinoEngine(tables.place).run(sql, values);
    const engine = await openLocalEngine(folder);
    const [bytes, start] = [await bytesRead(), performance.now()];
    const duckdb = await engine.run(sql, values).finally(engine.close);
    const [milliseconds, read] = [performance.now() - start, (await bytesRead()) - bytes];
    return {
      Trino: { bytes: trino.bytes, milliseconds: trino.milliseconds, answer: asText(trino) },
      DuckDB: { bytes: read, milliseconds, answer: asText(duckdb) },
    };
  }

  async function measureAll(stage: Stage): Promise<void> {
    // The first queries include the start of the server, and would distort the table.
    for (const query of queries.slice(0, 5)) await measure(query);
    for (const query of queries) {
      const { Trino, DuckDB } = await measure(query);
      const before = results.get(query.name);
      results.set(query.name, {
        Trino: { ...(before?.Trino ?? NOT_MEASURED), [stage]: Trino },
        DuckDB: { ...(before?.DuckDB ?? NOT_MEASURED), [stage]: DuckDB },
      });
    }
  }

  function compactAt(now: Date) {
    return compact({
      analytics: folderArchive(TRINO.folder, tables.bucket),
      moveViews: (closed) => createViews((sql) => statement(tables.place, sql), closed),
      leaseOptions: { holder: "test", seconds: 900, isExclusive: true },
      longestQuerySeconds: 0,
      packedFromCalls: 1,
      closeAfterHours: 3,
      now: () => now,
      hasTime: () => true,
    });
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
    await measureAll("live");
    const packed = await compactAt(COMPACTED_AT.packed);
    await measureAll("packed");
    const closed = await compactAt(COMPACTED_AT.closed);
    await measureAll("closed");
    stored = [packed, closed].map(({ days }) => summary(days)).join("");
  }, 3_600_000);

  test.each(queries)("$name returns the same rows on both engines, in each stage", ({ name }) => {
    const { Trino, DuckDB } = results.get(name) ?? {};
    const answers = STAGES.flatMap((stage) => [Trino?.[stage].answer, DuckDB?.[stage].answer]);
    expect(answers).toEqual(answers.map(() => Trino?.live.answer ?? "an answer"));
  });

  test.each(queries)("$name reads far less than the raw bytes, the more so when the day is closed", ({ name }) => {
    for (const stage of STAGES) {
      const bytes = results.get(name)?.Trino[stage].bytes ?? Number.POSITIVE_INFINITY;
      expect({ stage, isFew: rawBytes / bytes >= FEWER_BYTES[stage] }).toEqual({ stage, isFew: true });
    }
  });

  // With fewer calls the times depend more on other things, such as the load of the machine.
  if (CALLS >= FASTER.calls) {
    test.each(queries)("$name is much faster when the day is closed", ({ name }) => {
      const { live, closed } = results.get(name)?.Trino ?? NOT_MEASURED;
      expect(live.milliseconds / closed.milliseconds).toBeGreaterThanOrEqual(
        COMPUTING.get(name)?.times ?? FASTER.closed,
      );
    });

    test.each(queries)("$name is faster when hours are packed", ({ name }) => {
      const { live, packed } = results.get(name)?.Trino ?? NOT_MEASURED;
      expect(live.milliseconds / packed.milliseconds).toBeGreaterThanOrEqual(COMPUTING.has(name) ? 1 : FASTER.packed);
    });
  }

  test("is printed as tables", () => {
    const exceptions = [...COMPUTING].map(([name, { since }]) => `${name} is slower to compute: ${since}.\n`).join("");
    const raw = `The raw JSON has ${megabytes(rawBytes)} MB.\n`;
    process.stdout.write(`\n${stageTables(results, rawBytes)}${stored}${raw}${exceptions}\n`);
    expect(results.size).toBe(queries.length);
  });
});

const NONE: Measured = { bytes: Number.NaN, milliseconds: Number.NaN, answer: "" };
const NOT_MEASURED: Record<Stage, Measured> = { live: NONE, packed: NONE, closed: NONE };

/** What a run of the compactor read and wrote. */
function summary(days: readonly DayReport[]): string {
  const shards = days.flatMap(({ record }) => record);
  const sum = (metric: "objects" | "live_bytes" | "parts" | "bytes") =>
    shards.reduce((total, shard) => total + (shard?.[metric] ?? 0), 0);
  return `${days[0]?.did}: ${sum("objects")} objects of ${megabytes(sum("live_bytes"))} MB became ${sum("parts")} of ${megabytes(sum("bytes"))} MB.\n`;
}

/** The bytes that this process has read from files, if the system counts them. DuckDB does not report its own. */
async function bytesRead(): Promise<number> {
  const counters = await readFile("/proc/self/io", "utf8").catch(() => "");
  return Number(/^rchar: (\d+)$/m.exec(counters)?.[1] ?? Number.NaN);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 10_000) / 100;
}
