import { beforeAll, describe, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { liveObjects } from "../queries/analytics-folder.ts";
import { expectUnchanged, HOSTILE, ONE_CALL } from "../queries/hostile-values.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { describeTrino, fillFolder, TRINO } from "./trino.ts";
import { trinoEngine } from "./trino-engine.ts";

const queries = await readSavedQueries();

describeTrino("with hostile values", () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url, "folder");
    await fillFolder(tables.bucket, liveObjects(ONE_CALL));
  });

  describe.each(queries)("$name", (query) => {
    test.each(Object.entries(HOSTILE))("runs the same query with %s as a value", async (_, value) => {
      await expectUnchanged(trinoEngine(tables.place), query, value);
    });
  });
});
