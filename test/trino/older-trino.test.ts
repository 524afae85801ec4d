import { beforeAll, describe, expect, test } from "vitest";
import { openLocalEngine } from "../../queries/engine/local-engine.client.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { athenaViewSql, sideTable } from "../../queries/tables/athena-view.ts";
import { NOTHING_CLOSED } from "../../queries/tables/closed-days.ts";
import { HOUR, PACK, SIDES, type Side } from "../../queries/tables/table.ts";
import { type JsonRow, tableNamed } from "../queries/analytics-folder.ts";
import { anyValues, cases, parametersInOrder, plainRows } from "../queries/cases.ts";
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
    const casesOfQuery = allCases.filter((one) => one.query === query.name);
    let types: readonly string[] = [];
    // `saved-queries.test.ts` compares the types for every case.
    beforeAll(async () => {
      const engine = await openLocalEngine("nowhere");
      const { columns } = await engine
        .run(query.sql, anyValues(query, "2026-11-01", "2026-11-02"))
        .finally(engine.close);
      types = columns.map(({ name, type }) => `${name} ${TRINO_TYPE[type]}`);
    });

    test.each(casesOfQuery)("$shows", async (one) => {
      for (const name of query.reads) await giveRows(name, one.tables[name] ?? []);
      const answer = await trinoEngine(PLACE).run(query.sql, parametersInOrder(query, one));
      expect(plainRows(answer)).toEqual(one.expected);
      expect(answer.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(types);
    });
  });
});

describeOlderTrino("the view of a table with packed hours, on a Trino as old as Athena's", () => {
  const table = tableNamed("conversations");
  const [closed, open] = ["2026-11-01", "2026-11-02"];
  const place = { ...PLACE, schema: "packs" };

  test("has each row once", async () => {
    const rows: Readonly<Record<Side, readonly JsonRow[]>> = {
      days: [{ conversation_id: "closed", dt: closed }],
      hours: [
        { conversation_id: "retired", dt: open, pack: 2 },
        { conversation_id: "packed", dt: open, pack: 3 },
      ],
      live: [
        { conversation_id: "closed", dt: closed, hr: "00" },
        { conversation_id: "packed", dt: open, hr: "00" },
        { conversation_id: "live", dt: open, hr: "01" },
      ],
    };
    const columns = { ...table.columns, pack: PACK, hr: HOUR };
    for (const side of SIDES)
      await statement(place, viewOfRows(sideTable(table, side), { ...table, columns }, rows[side]));
    await statement(place, athenaViewSql(table, { firstLiveDay: open, changed: [], packs: { [open]: { "00": 3 } } }));
    const answer = await trinoEngine(place).run("select conversation_id from conversations order by 1", []);
    expect(answer.rows).toEqual([["closed"], ["live"], ["packed"]]);
  });
});

/** The statement for the rows that each table has now. Most cases of a query have equal rows in some of its tables. */
const given = new Map<string, string>();

async function giveRows(name: string, rows: readonly JsonRow[]): Promise<void> {
  const table = tableNamed(name);
  const view = viewOfRows(sideTable(table, "live"), table, rows);
  if (given.get(name) === view) return;
  await statement(PLACE, view);
  given.set(name, view);
}
