import { TABLES } from "../../queries/tables/all.ts";
import { parquetFile } from "../../queries/tables/parquet.ts";
import { liveKey } from "../../queries/tables/table.ts";
import { sha256 } from "../call/digest.ts";
import type { TableRows } from "../call/rows/table-rows.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { putDirtyMarkers } from "../compact/dirty-markers.ts";
import type { RowsDigests } from "./conversation-index.ts";
import { rowsDigest } from "./rows-digest.ts";

/** The target of the rows of one conversation. */
export interface RowsTarget {
  readonly analytics: Pick<Archive, "put" | "delete">;
  /** The slug of the conversation id. */
  readonly conversation: string;
  /** UTC hour of the call's start, as in the index. */
  readonly hour: string;
  readonly now: () => Date;
}

/** The number of rows that were written, and their digests for the index. */
export interface WrittenRows {
  readonly count: number;
  readonly digests: RowsDigests;
}

/**
 * Writes rows: one live object for each table, which replaces the previous one. Deletes the live object of a table
 * without rows, and all live objects under `others`, which are other hours. Writes a dirty marker for each of the hours
 * that may be packed or closed.
 */
export async function replaceRows(rows: TableRows, others: readonly string[], to: RowsTarget): Promise<WrittenRows> {
  const { analytics, conversation, hour, now } = to;
  const digests: Record<string, string> = {};
  let count = 0;
  for (const [table, ofTable] of rows) {
    const key = liveKey(table.name, hour, conversation);
    if (ofTable.length === 0) {
      await analytics.delete(key);
      continue;
    }
    const file = parquetFile(table, ofTable);
    const hash = sha256(file);
    await analytics.put(key, file, { sha256: hash });
    digests[table.name] = rowsDigest(table, ofTable, hash);
    count += ofTable.length;
  }
  await removeRows(others, to);
  await putDirtyMarkers(analytics, [hour], conversation, now());
  return { count, digests };
}

/** Deletes all rows of a conversation under these hours, and writes a dirty marker for each that may be closed. */
export async function removeRows(hours: readonly string[], to: Omit<RowsTarget, "hour">): Promise<void> {
  const { analytics, conversation, now } = to;
  for (const hour of hours) {
    for (const { name } of TABLES) await analytics.delete(liveKey(name, hour, conversation));
  }
  await putDirtyMarkers(analytics, hours, conversation, now());
}
