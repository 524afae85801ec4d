import { TABLES } from "../../queries/tables/all.ts";
import { athenaViewSql } from "../../queries/tables/athena-view.ts";

/**
 * Makes the view of every table, or replaces it: days before `firstLiveDay` are read as they were closed.
 *
 * May run any number of times, and while people query: each view changes in one update.
 */
export async function createViews(run: (sql: string) => Promise<unknown>, firstLiveDay: string): Promise<void> {
  await Promise.all(TABLES.map((table) => run(athenaViewSql(table, firstLiveDay))));
}

/**
 * Makes the views for the days that are closed at the moment; again if more were closed meanwhile, so that none of
 * these updates is the last word over a later one.
 */
export async function createCurrentViews(
  run: (sql: string) => Promise<unknown>,
  firstLiveDay: () => Promise<string>,
): Promise<void> {
  for (let day = ""; day !== (await firstLiveDay()); ) {
    day = await firstLiveDay();
    await createViews(run, day);
  }
}
