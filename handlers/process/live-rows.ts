import { TABLES } from "../../queries/tables/all.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { liveKey } from "../../queries/tables/table.ts";
import type { TableRows } from "../call/rows/table-rows.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { putDirtyMarkers } from "../compact/dirty-markers.ts";

/** The target of the rows of one conversation. */
export interface RowsTarget {
  readonly analytics: Pick<Archive, "put" | "delete">;
  /** The slug of the conversation id. */
  readonly conversation: string;
  /** UTC date of the call's start. */
  readonly day: string;
  readonly now: () => Date;
}

/**
 * Writes rows: one live object for each table, which replaces the previous one. Deletes the live object of a table
 * without rows, and all live objects under `otherDays`. Writes a dirty marker for each of the days that may be closed.
 * Returns the number of rows written.
 */
export async function replaceRows(rows: TableRows, otherDays: readonly string[], to: RowsTarget): Promise<number> {
  const { analytics, conversation, day, now } = to;
  let count = 0;
  for (const [table, ofTable] of rows) {
    const key = liveKey(table.name, day, conversation);
    if (ofTable.length === 0) await analytics.delete(key);
    else await analytics.put(key, parquetFile(table, ofTable));
    count += ofTable.length;
  }
  await removeRows(otherDays, to);
  await putDirtyMarkers(analytics, [day], conversation, now());
  return count;
}

/** Deletes all rows of a conversation under these days, and writes a dirty marker for each day that may be closed. */
export async function removeRows(days: readonly string[], to: Omit<RowsTarget, "day">): Promise<void> {
  const { analytics, conversation, now } = to;
  for (const day of days) {
    for (const { name } of TABLES) await analytics.delete(liveKey(name, day, conversation));
  }
  await putDirtyMarkers(analytics, days, conversation, now());
}
