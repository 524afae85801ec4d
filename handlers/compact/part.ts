import { pMapIterable } from "p-map";
import { groupedParquet } from "../../queries/tables/parquet.ts";
import { rowsIn, UnreadableParquet } from "../../queries/tables/read-parquet.ts";
import type { AnyRow, Table } from "../../queries/tables/table.ts";
import { sha256 } from "../call/digest.ts";
import { type Archive, type ObjectHead, REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { streamedSha256 } from "../clients/archive/streamed-sha256.ts";
import type { LiveObject } from "./live-objects.ts";

/** Where a part goes, and what stood there before anything was read. */
export interface PartTarget {
  readonly table: Table;
  readonly key: string;
  readonly before: ObjectHead | undefined;
  /** Whether the bytes that stood there are read, and not only their metadata, to see whether they are right. */
  readonly isRead: boolean;
}

/** What a part came to. */
export interface Part {
  readonly rows: number;
  /** 0 if there is no part, since there never was a row. */
  readonly bytes: number;
  /** `undefined` if there is no part. */
  readonly sha256: string | undefined;
  readonly unreadable: readonly string[];
}

/** The rows of a group, of whole conversations: what is held at a time, and what readers may leave out. */
const GROUP_ROWS = 5_000;
const GROUP_CONVERSATIONS = 1_000;

/**
 * Writes one shard of one table from its live objects, with one put, and not at all if it is there already: by its
 * metadata, or by its bytes if it `isRead`.
 *
 * Rows are in order of their conversations, so that one conversation's are together; or of the table's own column.
 * An object that cannot be read is named, and is missing. One that went away meanwhile is no more.
 *
 * @throws PreconditionFailed if somebody else wrote the part since `before`.
 */
export async function writePart(
  { table, key, before, isRead }: PartTarget,
  objects: readonly LiveObject[],
  analytics: Pick<Archive, "get" | "put" | "stream">,
  onObject: () => void,
): Promise<Part> {
  const file = groupedParquet(table);
  const unreadable: string[] = [];
  let count = 0;
  for await (const rows of groupsOf(table, rowsOfEach(table, objects, analytics, unreadable, onObject))) {
    file.add(rows);
    count += rows.length;
  }
  if (count === 0 && !before) return { rows: 0, bytes: 0, sha256: undefined, unreadable };
  const body = file.finish();
  const hash = sha256(body);
  const isNoted = before?.metadata["sha256"] === hash && before.damagedMetadata === undefined;
  const isThere = isNoted && (!isRead || (await streamedSha256(analytics, key)) === hash);
  if (!isThere) {
    const only = before ? { ifMatch: before.etag } : "if-absent";
    await analytics.put(key, body, { only, metadata: { sha256: hash } });
  }
  return { rows: count, bytes: body.length, sha256: hash, unreadable };
}

/**
 * The rows of each object, in the objects' order. Bytes are fetched ahead; rows, many times as large, are decoded only
 * when they are asked for.
 */
async function* rowsOfEach(
  table: Table,
  objects: readonly LiveObject[],
  analytics: Pick<Archive, "get">,
  unreadable: string[],
  onObject: () => void,
): AsyncGenerator<AnyRow[]> {
  const fetched = async ({ key }: LiveObject) => ({ key, object: await analytics.get(key) });
  for await (const { key, object } of pMapIterable(objects, fetched, { concurrency: REQUESTS_AT_ONCE })) {
    try {
      if (object) yield await rowsIn(table, object.body);
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

/** Nulls first. What is equal keeps its order. */
function ascending(one: AnyRow[string] | undefined, other: AnyRow[string] | undefined): number {
  const [left, right] = [Number(one ?? Number.NEGATIVE_INFINITY), Number(other ?? Number.NEGATIVE_INFINITY)];
  return left === right ? 0 : left - right;
}
