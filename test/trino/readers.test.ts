import { expect, test } from "vitest";
import type { Archive } from "../../handlers/clients/archive/archive.ts";
import { folderArchive } from "../../handlers/clients/archive/folder-archive.client.ts";
import { s3Archive } from "../../handlers/clients/archive/s3-archive.client.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { s3 } from "../aws/aws.ts";
import { newFolder } from "../support/fixtures/local.ts";
import { closeUnderReaders, type ReaderTarget } from "../support/fixtures/readers.ts";
import { aDatabase } from "./glue-tables.ts";
import { describeTrino, TRINO } from "./trino.ts";
import { type Place, statement, trinoEngine } from "./trino-engine.ts";

const queries = await readSavedQueries();

interface ReadersOptions extends Pick<ReaderTarget, "days" | "packedDays"> {
  readonly archiveIn: (bucket: string) => Archive;
  readonly queried: typeof queries;
}

/** The place of the objects, and what happens there: less on moto's S3, which is slow. */
const PLACES: readonly [Place["catalog"], ReadersOptions][] = [
  ["folder", { archiveIn: (bucket) => folderArchive(TRINO.folder, bucket), days: 4, packedDays: 2, queried: queries }],
  [
    "awsdatacatalog",
    {
      archiveIn: (bucket) => s3Archive(bucket, s3),
      days: 1,
      packedDays: 1,
      queried: queries.filter((_, n) => n % 5 === 0),
    },
  ],
];

describeTrino("queries while days are closed and rebuilt", () => {
  test.each(PLACES)("return correct rows on Trino (%s)", { timeout: 600_000 }, async (catalog, options) => {
    const { archiveIn, queried, days, packedDays } = options;
    const { place, bucket } = await aDatabase(TRINO.url, catalog);
    const report = await closeUnderReaders(
      {
        analytics: archiveIn(bucket),
        days,
        packedDays,
        longestQuerySeconds: 600,
        moveView: (sql) => statement(place, sql),
        query: ({ sql }, values) => trinoEngine(place).run(sql, values),
      },
      queried,
      await newFolder(),
    );
    const { answers, wrong } = report;
    process.stdout.write(
      `  Trino, ${catalog}: ${answers} results while days were closed, ${wrong.length} of them wrong\n`,
    );
    expect(wrong).toEqual([]);
    expect(answers).toBeGreaterThan(40);
  });
});
