import { beforeAll, describe, expect, test } from "vitest";
import { readApiQueries, readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { emptyFolder, engineOn, liveObjects, writeLive } from "../queries/analytics-folder.ts";
import { cases, parametersInOrder, plainRows } from "../queries/cases.ts";
import { TRINO_TYPE } from "../queries/trino-types.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { describeTrino, fillFolder, TRINO } from "./trino.ts";
import { trinoEngine } from "./trino-engine.ts";

const queries = [...(await readSavedQueries()), ...(await readApiQueries())];
const allCases = [...cases(), ...cases("read-cases")];

describeTrino("on Trino and DuckDB", () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url, "folder");
  });

  describe.each(queries)("$name", (query) => {
    test.each(allCases.filter((one) => one.query === query.name))("$shows", async (one) => {
      const folder = await emptyFolder();
      await writeLive(folder, one.tables);
      await fillFolder(tables.bucket, liveObjects(one.tables));
      const parameters = parametersInOrder(query, one);

      const onDuckDb = await (await engineOn(folder)).run(query.sql, parameters);
      const onTrino = await trinoEngine(tables.place).run(query.sql, parameters);

      expect(plainRows(onTrino)).toEqual(one.expected);
      expect(plainRows(onDuckDb)).toEqual(one.expected);
      expect(onTrino.columns.map(({ name, type }) => ({ name, type }))).toEqual(
        onDuckDb.columns.map(({ name, type }) => ({ name, type: TRINO_TYPE[type] })),
      );
    });
  });
});
