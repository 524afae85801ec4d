import { beforeAll, expect, test } from "vitest";
import { createViews } from "../../handlers/compact/create-views.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import { sqlLiteral } from "../../queries/tables/sql-text.ts";
import { anyValues } from "../queries/cases.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { describeTrino, TRINO } from "./trino.ts";
import { type Place, statement } from "./trino-engine.ts";

const DAYS = ["2026-11-01", "2026-11-02", "2026-11-03"];

const queries = await readSavedQueries();

describeTrino("the plan of a saved query", () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url);
  });

  test.each(queries)("$name reads the requested days, of the tables in its header", async (query) => {
    const read = await planned(query, tables.place);
    expect(read).toEqual(new Map(query.reads.map((table) => [`${table}_live`, DAYS])));
  });
});

describeTrino("the plan of a saved query, when two of its days are closed and one of them changed", () => {
  const [changed = "", closed, live] = DAYS;
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url);
    await createViews((sql) => statement(tables.place, sql), {
      firstLiveDay: live ?? "",
      changed: [changed],
      packs: {},
    });
  });

  test.each(queries)("$name reads each day on one side", async (query) => {
    const sides = query.reads.flatMap((table): [string, (string | undefined)[]][] => [
      [`${table}_days`, [closed]],
      [`${table}_live`, [changed, live]],
    ]);
    expect(await planned(query, tables.place)).toEqual(new Map(sides));
  });
});

/** Returns the days of each table that Trino would read for `query` over all days. */
async function planned(query: SavedQuery, place: Place): Promise<Map<string, string[]>> {
  const { prepared } = await statement(place, `prepare question from ${query.sql}`);
  const using = anyValues(query, DAYS[0] ?? "", DAYS.at(-1) ?? "")
    .map(sqlLiteral)
    .join(", ");
  const explain = `explain (type io, format json) execute question using ${using}`;
  const { rows } = await statement(place, explain, prepared);
  return daysRead(JSON.parse(rows[0]?.[0] ?? ""));
}

interface IoPlan {
  readonly inputTableColumnInfos: readonly {
    readonly table: { readonly schemaTable: { readonly table: string } };
    readonly constraint: {
      readonly columnConstraints: readonly {
        readonly columnName: string;
        readonly domain: { readonly ranges: readonly { readonly low: Bound; readonly high: Bound }[] };
      }[];
    };
  }[];
}

interface Bound {
  readonly value?: string;
  readonly bound: string;
}

/** Returns the days of each table in a plan; a range of several days stays a range. */
function daysRead({ inputTableColumnInfos }: IoPlan): Map<string, string[]> {
  return new Map(
    inputTableColumnInfos.map(({ table, constraint }) => {
      const dt = constraint.columnConstraints.find(({ columnName }) => columnName === "dt");
      const days = (dt?.domain.ranges ?? []).map(({ low, high }) =>
        low.value === high.value ? (low.value ?? "all") : `${low.bound} ${low.value} to ${high.bound} ${high.value}`,
      );
      return [table.schemaTable.table, days];
    }),
  );
}
