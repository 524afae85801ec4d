import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderArchive } from "../../../handlers/clients/archive/folder-archive.client.ts";
import { openDuckdb, openLocalEngine } from "../../../queries/engine/local-engine.client.ts";
import { readSavedQueries } from "../../../queries/engine/saved-queries.client.ts";
import { newFolder } from "../../support/fixtures/local.ts";
import { closeUnderReaders } from "../../support/fixtures/readers.ts";

/** By default, one day and some of the queries, in seconds. `READERS=all` takes four days and all queries, a minute. */
const isAll = process.env["READERS"] === "all";
const queries = (await readSavedQueries()).filter((_, n) => isAll || n % 6 === 0);

test("queries return the same rows while days are closed and rebuilt, on DuckDB", async () => {
  const folder = await newFolder();
  const duckdb = await openDuckdb();
  onTestFinished(() => duckdb.closeSync());
  const report = await closeUnderReaders(
    {
      analytics: folderArchive(folder, "analytics"),
      moveView: async () => {},
      days: isAll ? 4 : 1,
      longestQuerySeconds: 0,
      async query({ sql }, values) {
        const engine = await openLocalEngine(join(folder, "analytics"), undefined, duckdb);
        return engine.run(sql, values).finally(engine.close);
      },
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
