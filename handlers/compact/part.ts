import { pMapIterable } from "p-map";
import { groupedParquet } from "../../queries/tables/parquet.ts";
import { rowsIn, UnreadableParquet } from "../../queries/tables/read-parquet.ts";
import type { AnyRow, Table } from "../../queries/tables/table.ts";
import { sha256 } from "../call/digest.ts";
import { type Archive, type ObjectHead, REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { streamedSha256 } from "../clients/archive/streamed-sha256.ts";
import type { LiveObject } from "./live-objects.ts";

/** The key of a part, and what was stored there before the live objects were read. */
export interface PartTarget {
  readonly table: Table;
  readonly key: string;
  readonly before: ObjectHead | undefined;
  /** Whether the stored bytes are compared, and not only their metadata. */
  readonly isRead: boolean;
  /** Whether the part is written even if it has no rows. */
  readonly isAlwaysWritten?: true;
}

/** Rows by the key of their live object, which is then not read. */
export type KnownRows = ReadonlyMap<string, AnyRow[]>;

/** The result of writing a part. */
export interface Part {
  readonly rows: number;
  /** 0 if there is no part, because there never was a row. */
  readonly bytes: number;
  /** `undefined` if there is no part. */
  readonly sha256: string | undefined;
  readonly unreadable: readonly string[];
}

/** The size of a row group of whole conversations. It is the unit that is held in memory, and that readers may skip. */
const GROUP_ROWS = 5_000;
const GROUP_CONVERSATIONS = 1_000;

/**
 * Writes one shard of one table from its live objects, with one put. Writes nothing if the part is stored already,
 * judged by its metadata, or by its bytes if `isRead`.
 *
 * Rows are sorted by conversation, so that a conversation's rows are together, or by the table's `sortedBy` column. An
 * object that cannot be read is reported, and its rows are missing. An object that was deleted meanwhile is left out.
 *
 * @throws PreconditionFailed if another writer changed the part since `before`.
 */
export async function writePart(
  { table, key, before, isRead, isAlwaysWritten }: PartTarget,
  objects: readonly LiveObject[],
  known: KnownRows,
  analytics: Pick<Archive, "get" | "put" | "stream">,
  onObject: () => void,
): Promise<Part> {
  const file = groupedParquet(table);
  const unreadable: string[] = [];
  let count = 0;
  for await (const rows of groupsOf(table, rowsOfEach(table, objects, known, analytics, unreadable, onObject))) {
    file.add(rows);
    count += rows.length;
  }
  if (count === 0 && !before && !isAlwaysWritten) return { rows: 0, bytes: 0, sha256: undefined, unreadable };
  const body = file.finish();
  const hash = sha256(body);
  const isRecorded = before?.metadata["sha256"] === hash && before.damagedMetadata === undefined;
  const isStored = isRecorded && (!isRead || (await streamedSha256(analytics, key)) === hash);
  if (!isStored) {
    const only = before ? { ifMatch: before.etag } : "if-absent";
    await analytics.put(key, body, { only, metadata: { sha256: hash } });
  }
  return { rows: count, bytes: body.length, sha256: hash, unreadable };
}

/**
 * The rows of each object, in the order of the objects. Bytes are fetched ahead. Rows are many times as large, so they
 * are decoded only when they are read.
 */
async function* rowsOfEach(
  table: Table,
  objects: readonly LiveObject[],
  known: KnownRows,
  analytics: Pick<Archive, "get">,
  unreadable: string[],
  onObject: () => void,
): AsyncGenerator<AnyRow[]> {
  const fetched = async ({ key }: LiveObject) => {
    const rows = known.get(key);
    return { key, rows, object: rows ? undefined : await analytics.get(key) };
  };
  for await (const { key, rows, object } of pMapIterable(objects, fetched, { concurrency: REQUESTS_AT_ONCE })) {
    try {
      if (rows) yield rows;
      else if (object) yield await rowsIn(table, object.body);
    } catch (error) {
      if (!(error instanceof UnreadableParquet)) throw error;
      unreadable.push(key);
    }
    onObject();
  }
}

async function* groupsOf({ sortedBy }: Table, conversations: AsyncIterable<AnyRow[]>): AsyncGenerator<AnyRow[]> {
  if (sortedBy !== undefined) {
    const all = (await Array.fromAsync(conversations)).flat();
    const rows = all.sort((one, other) => ascending(one[sortedBy], other[sortedBy]));
    for (let from = 0; from < rows.length; from += GROUP_CONVERSATIONS) {
      yield rows.slice(from, from + GROUP_CONVERSATIONS);
    }
    return;
  }
  let group: AnyRow[] = [];
  let inGroup = 0;
  for await (const rows of conversations) {
    for (const row of rows) group.push(row);
    inGroup += 1;
    if (group.length >= GROUP_ROWS || inGroup >= GROUP_CONVERSATIONS) {
      yield group;
      [group, inGroup] = [[], 0];
    }
  }
  if (group.length > 0) yield group;
}

/** Compares two cells: nulls first, and equal cells keep their order. */
function ascending(one: AnyRow[string] | undefined, other: AnyRow[string] | undefined): number {
  const [left, right] = [Number(one ?? Number.NEGATIVE_INFINITY), Number(other ?? Number.NEGATIVE_INFINITY)];
  return left === right ? 0 : left - right;
}
