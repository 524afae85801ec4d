import { beforeAll, describe, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { liveObjects } from "../queries/analytics-folder.ts";
import { expectUnchanged, HOSTILE, ONE_CALL } from "../queries/hostile-values.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { describeTrino, fill, TRINO } from "./trino.ts";
import { trinoEngine } from "./trino-engine.ts";

const queries = await readSavedQueries();

describeTrino("whatever a value is", () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url);
    await fill(tables.bucket, liveObjects(ONE_CALL));
  });

  describe.each(queries)("$name", (query) => {
    test.each(Object.entries(HOSTILE))("asks the same thing, given %s", async (_, value) => {
      await expectUnchanged(trinoEngine(tables.place), query, value);
    });
  });
});
