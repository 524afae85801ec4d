import { isDeepStrictEqual } from "node:util";
import { TABLES } from "../../queries/tables/all.ts";
import { athenaViewSql } from "../../queries/tables/athena-view.ts";
import type { ClosedDays } from "../../queries/tables/closed-days.ts";

/**
 * Creates or replaces the view of every table.
 *
 * May run any number of times, also while people query: each view changes in one update.
 */
export async function createViews(run: (sql: string) => Promise<unknown>, closed: ClosedDays): Promise<void> {
  await Promise.all(TABLES.map((table) => run(athenaViewSql(table, closed))));
}

/**
 * Creates the views for the days that are closed now, and again if those changed meanwhile. So an older update never
 * replaces a newer one.
 */
export async function createCurrentViews(
  run: (sql: string) => Promise<unknown>,
  closedNow: () => Promise<ClosedDays>,
): Promise<void> {
  let made: ClosedDays | undefined;
  for (let closed = await closedNow(); !isDeepStrictEqual(closed, made); closed = await closedNow()) {
    await createViews(run, closed);
    made = closed;
  }
}
