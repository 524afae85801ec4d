import { beforeAll, describe, expect, test } from "vitest";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { athenaViewSql, sideTable } from "../../queries/tables/athena-view.ts";
import { NOTHING_CLOSED } from "../../queries/tables/closed-days.ts";
import { emptyFolder, engineOn, tableNamed, writeLive } from "../queries/analytics-folder.ts";
import { cases, parametersInOrder, plainRows } from "../queries/cases.ts";
import { TRINO_TYPE } from "../queries/trino-types.ts";
import { describeOlderTrino, OLDER_TRINO } from "./trino.ts";
import { type Place, statement, trinoEngine } from "./trino-engine.ts";
import { viewOfRows } from "./typed-rows.ts";

const queries = await readSavedQueries();
const allCases = cases();

const PLACE: Place = { url: OLDER_TRINO.url, catalog: "awsdatacatalog", schema: "cases" };

describeOlderTrino("on a Trino as old as Athena's", () => {
  beforeAll(async () => {
    for (const table of TABLES) {
      for (const side of ["days", "live"] as const)
        await statement(PLACE, viewOfRows(sideTable(table, side), table, []));
      await statement(PLACE, athenaViewSql(table, NOTHING_CLOSED));
    }
  });

  describe.each(queries)("$name", (query) => {
    test.each(allCases.filter((one) => one.query === query.name))("$shows", async (one) => {
      for (const name of query.reads) {
        const table = tableNamed(name);
        await statement(PLACE, viewOfRows(sideTable(table, "live"), table, one.tables[name] ?? []));
      }
      const folder = await emptyFolder();
      await writeLive(folder, one.tables);
      const parameters = parametersInOrder(query, one);

      const onTrino = await trinoEngine(PLACE).run(query.sql, parameters);
      const onDuckDb = await (await engineOn(folder)).run(query.sql, parameters);

      expect(plainRows(onTrino)).toEqual(one.expected);
      expect(onTrino.columns.map(({ name, type }) => ({ name, type }))).toEqual(
        onDuckDb.columns.map(({ name, type }) => ({ name, type: TRINO_TYPE[type] })),
      );
    });
  });
});
