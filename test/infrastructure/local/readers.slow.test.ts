import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { liveEngine } from "../../../queries/engine/live-engine.client.ts";
import { openDuckdb, openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { newFolder } from "../../support/fixtures/local.ts";
import { closeUnderReaders } from "../../support/fixtures/readers.ts";

/** By default, one day and some of the queries, in seconds. `READERS=all` takes four days and all queries, a minute. */
const isAll = process.env["READERS"] === "all";
const queries = (await readSavedQueries()).filter((_, n) => isAll || n % 6 === 0);

/** A query in an engine that was just opened. */
async function opened(folder: string) {
  const duckdb = await openDuckdb();
  onTestFinished(() => duckdb.closeSync());
  return async (sql: string, values: readonly string[]) => {
    const engine = await openLocalEngine(folder, undefined, duckdb);
    return engine.run(sql, values).finally(engine.close);
  };
}

/** A query in an engine that stays open, and keeps live rows in memory. */
async function openAll(folder: string) {
  const engine = liveEngine(folder, { timeoutMs: 60_000, connections: 3, memoryMegabytes: 1_024 });
  onTestFinished(() => engine.close());
  return (sql: string, values: readonly string[]) => engine.run(sql, values);
}

test.each([
  ["an engine that was just opened", opened],
  ["an engine that stays open", openAll],
])("queries return the same rows while days are closed and rebuilt, in %s", async (_, open) => {
  const folder = await newFolder();
  const run = await open(join(folder, "analytics"));
  const report = await closeUnderReaders(
    {
      analytics: folderArchive(folder, "analytics"),
      moveView: async () => {},
      days: isAll ? 4 : 1,
      packedDays: isAll ? 4 : 1,
      longestQuerySeconds: 0,
      query: ({ sql }, values) => run(sql, values),
    },
    queries,
    folder,
  );
  process.stdout.write(
    `  DuckDB: ${report.answers} results while days were closed, ${report.wrong.length} of them wrong\n`,
  );
  expect(report.wrong.join("\n")).toBe("");
  expect(report.answers).toBeGreaterThan(10);
});
