import { TABLES } from "../../queries/tables/all.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { liveKey } from "../../queries/tables/table.ts";
import type { TableRows } from "../call/rows/table-rows.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { putDirtyMarkers } from "../compact/dirty-markers.ts";

/** Where the rows of one conversation go. */
export interface RowsTarget {
  readonly analytics: Pick<Archive, "put" | "delete">;
  /** The conversation as keys write it. */
  readonly conversation: string;
  /** UTC date of the call's start. */
  readonly day: string;
  readonly now: () => Date;
}

/**
 * Writes rows, one object for a table and a conversation, each replaced as a whole, and removes the object of a table
 * that has none. Removes all that the conversation has under other days, and marks each of these days that may be
 * closed. Answers how many rows were written.
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

/** Removes all rows of a conversation under these days, and marks each of them that may be closed. */
export async function removeRows(days: readonly string[], to: Omit<RowsTarget, "day">): Promise<void> {
  const { analytics, conversation, now } = to;
  for (const day of days) {
    for (const { name } of TABLES) await analytics.delete(liveKey(name, day, conversation));
  }
  await putDirtyMarkers(analytics, days, conversation, now());
}
