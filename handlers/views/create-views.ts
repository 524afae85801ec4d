import { TABLES } from "../../queries/tables/all.ts";
import { athenaViewSql } from "../../queries/tables/athena-view.ts";

/**
 * Makes the view of every table, or replaces it, over everything that is live.
 *
 * May run any number of times, and while people query: each view changes in one update.
 */
export async function createViews(run: (sql: string) => Promise<unknown>): Promise<void> {
  await Promise.all(TABLES.map((table) => run(athenaViewSql(table))));
}
