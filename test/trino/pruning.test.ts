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
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

const queries = await readSavedQueries();

describeTrino("the plan of a saved query", () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url);
  });

  test.each(queries)("$name reads the requested days, of the tables in its header", async (query) => {
    const plan = await planned(query, tables.place);
    expect(valuesRead(plan, "dt")).toEqual(new Map(query.reads.map((table) => [`${table}_live`, DAYS])));
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
    expect(valuesRead(await planned(query, tables.place), "dt")).toEqual(new Map(sides));
  });
});

describeTrino("the plan of a saved query, when two hours of an open day are packed", () => {
  const [closed, packed = "", live] = DAYS;
  const unpacked = HOURS.filter((hour) => hour !== "00" && hour !== "02");
  let tables: Tables;
  beforeAll(async () => {
    tables = await aDatabase(TRINO.url);
    await createViews((sql) => statement(tables.place, sql), {
      firstLiveDay: packed,
      changed: [],
      packs: { [packed]: { "00": 3, "02": 7 } },
    });
  });

  test.each(queries)("$name reads each hour of that day on one side", async (query) => {
    const plan = await planned(query, tables.place, [packed]);
    const both = (hours: string[], live: string[]) =>
      new Map(query.reads.flatMap((table) => [[`${table}_hours`, hours] as const, [`${table}_live`, live] as const]));
    expect(valuesRead(plan, "dt")).toEqual(both([packed], [packed]));
    expect(valuesRead(plan, "pack")).toEqual(both(["3", "7"], []));
    expect(valuesRead(plan, "hr")).toEqual(both([], unpacked));
  });

  test("calls-per-day reads each of several days on its side", async () => {
    const [query] = queries.filter(({ name }) => name === "calls-per-day");
    const read = query && valuesRead(await planned(query, tables.place), "dt");
    expect(read).toEqual(
      new Map([
        ["conversations_days", [closed]],
        ["conversations_hours", [packed]],
        ["conversations_live", [packed, live]],
      ]),
    );
  });
});

/** Returns the plan of Trino for `query` over `days`. */
async function planned(query: SavedQuery, place: Place, days = DAYS): Promise<IoPlan> {
  const { prepared } = await statement(place, `prepare question from ${query.sql}`);
  const using = anyValues(query, days[0] ?? "", days.at(-1) ?? "")
    .map(sqlLiteral)
    .join(", ");
  const explain = `explain (type io, format json) execute question using ${using}`;
  const { rows } = await statement(place, explain, prepared);
  return JSON.parse(rows[0]?.[0] ?? "");
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

/** Returns the values of a partition column that each table in a plan is read for; a range of several stays a range. */
function valuesRead({ inputTableColumnInfos }: IoPlan, column: "dt" | "hr" | "pack"): Map<string, string[]> {
  return new Map(
    inputTableColumnInfos.map(({ table, constraint }) => {
      const read = constraint.columnConstraints.find(({ columnName }) => columnName === column);
      const values = (read?.domain.ranges ?? []).map(({ low, high }) =>
        low.value === high.value ? (low.value ?? "all") : `${low.bound} ${low.value} to ${high.bound} ${high.value}`,
      );
      return [table.schemaTable.table, values];
    }),
  );
}
