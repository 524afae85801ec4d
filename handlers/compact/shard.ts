import { TABLES } from "../../queries/tables/all.ts";
import type { Table } from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { type LiveObject, totalsOf } from "./live-objects.ts";
import { type KnownRows, type PartTarget, writePart } from "./part.ts";
import type { ShardRecord } from "./state.ts";

/** What writing a shard needs from outside. */
export interface ShardDeps {
  readonly analytics: Pick<Archive, "get" | "put" | "stream">;
  readonly onObject: () => void;
}

/** The rows that are known without reading their live objects, of a table and among these objects. */
export type KnownRowsOf = (table: Table, among: readonly LiveObject[]) => Promise<KnownRows>;

/**
 * Writes the rows of `objects`, table by table: only one part is in memory at a time. `to` returns where the part of a
 * table is written.
 */
export async function writeShard(
  to: (table: Table) => PartTarget,
  objects: readonly LiveObject[],
  knownRows: KnownRowsOf,
  { analytics, onObject }: ShardDeps,
): Promise<ShardRecord> {
  let [rows, bytes, parts] = [0, 0, 0];
  const hashes: Record<string, string> = {};
  const unreadable: string[] = [];
  for (const table of TABLES) {
    const ofTable = objects.filter((each) => each.table === table);
    const part = await writePart(to(table), ofTable, await knownRows(table, ofTable), analytics, onObject);
    rows += part.rows;
    bytes += part.bytes;
    parts += part.bytes > 0 ? 1 : 0;
    if (part.sha256 !== undefined) hashes[table.name] = part.sha256;
    unreadable.push(...part.unreadable);
  }
  const { bytes: live_bytes, ...totals } = totalsOf(objects);
  return { ...totals, live_bytes, rows, parts, bytes, sha256: hashes, unreadable };
}
