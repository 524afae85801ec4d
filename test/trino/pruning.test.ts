import { beforeAll, expect, test } from "vitest";
import { athenaLiteral } from "../../queries/engine/athena-cell.ts";
import { readSavedQueries } from "../../queries/engine/saved-queries.client.ts";
import { anyValues } from "../queries/cases.ts";
import { aDatabase, type Tables } from "./glue-tables.ts";
import { describeTrino, TRINO } from "./trino.ts";
import { statement } from "./trino-engine.ts";

const DAYS = ["2026-11-01", "2026-11-02", "2026-11-03"];

const queries = await readSavedQueries();

describeTrino("the plan of a question", () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url);
  });

  test.each(queries)("$name reads the days that were asked for, of the tables that it names", async (query) => {
    const values = anyValues(query, "2026-11-01", "2026-11-03");
    const { prepared } = await statement(tables.place, `prepare question from ${query.sql}`);
    const using = values.map(athenaLiteral).join(", ");
    const explain = `explain (type io, format json) execute question using ${using}`;
    const { rows } = await statement(tables.place, explain, prepared);
    const read = daysRead(JSON.parse(rows[0]?.[0] ?? ""));
    expect(read).toEqual(new Map(query.reads.map((table) => [`${table}_live`, DAYS])));
  });
});

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

/** The days that each table is read of; a range that is not one day stays a range. */
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
