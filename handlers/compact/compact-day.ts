import { TABLES } from "../../queries/tables/all.ts";
import { partKey } from "../../queries/tables/table.ts";
import type { Archive, ObjectHead } from "../clients/archive/archive.ts";
import { type DirtyMarker, removeDirtyMarkers } from "./dirty-markers.ts";
import { type LiveObject, liveObjectsOf, partsOf, totalsOf } from "./live-objects.ts";
import { writePart } from "./part.ts";
import { shardCount, shardOf } from "./shards.ts";
import type { DayRecord, HeldState, ShardRecord } from "./state.ts";

/** What compacting a day needs from outside. */
export interface CompactDayDeps {
  readonly analytics: Pick<Archive, "get" | "put" | "stream" | "head" | "list" | "delete">;
  readonly state: HeldState;
  /** Whether there is time to begin another shard. */
  readonly hasTime: () => boolean;
  readonly onObject: () => void;
}

/** What came of a day: how many shards were made, and whether none is left to be made. */
export interface CompactedDay {
  readonly shards: number;
  readonly isComplete: boolean;
}

/**
 * Makes the parts of a day from its live objects: those that are not made yet, those of conversations that are marked,
 * and all of them if `isWhole` or a mark says so. Where all are made, what stands there is compared byte for byte, and
 * parts beyond those on record are replaced, too: a damaged or foreign part does not stay.
 *
 * Each shard goes on record when all its parts are in place, and its marks are removed after that, so a run that ends
 * early is gone on with. The state is all that says so: parts that an earlier run left without a word are replaced.
 */
export async function compactDay(
  day: string,
  markers: readonly DirtyMarker[],
  isWhole: boolean,
  { analytics, state, hasTime, onObject }: CompactDayDeps,
): Promise<CompactedDay> {
  const contents = await dayContents(day, analytics);
  const record = [...(state.current.days[day] ?? blankRecord(contents))];
  const putOnRecord = () => state.update({ days: { ...state.current.days, [day]: [...record] } });

  const ofWholeDay = markers.filter(({ conversation }) => conversation === undefined);
  if (isWhole || ofWholeDay.length > 0) {
    // A shard that is on record as still to be made needs no mark that says so.
    record.length = Math.max(record.length, blankRecord(contents).length);
    record.fill(null);
    if (record.length > 0) await putOnRecord();
    await removeDirtyMarkers(ofWholeDay, analytics);
  }
  const marked = Map.groupBy(markers, ({ conversation = "" }) => shardOf(conversation, record.length));
  const objects = Map.groupBy(contents.objects, ({ conversation }) => shardOf(conversation, record.length));
  const pending = [...record.keys()].filter((shard) => record[shard] === null || marked.has(shard));
  for (const [made, shard] of pending.entries()) {
    if (!hasTime()) return { shards: made, isComplete: false };
    const isRead = record[shard] === null;
    const to = { day, shard, before: contents.parts, isRead };
    record[shard] = await compactShard(to, objects.get(shard) ?? [], analytics, onObject);
    await putOnRecord();
    await removeDirtyMarkers(marked.get(shard) ?? [], analytics);
  }
  // Nothing is there, and nothing was.
  if (record.length === 0) await removeDirtyMarkers(markers, analytics);
  return { shards: pending.length, isComplete: true };
}

interface DayContents {
  /** What stood under the keys of parts before the live objects were looked at: so a later writer is found out. */
  readonly parts: ReadonlyMap<string, ObjectHead | undefined>;
  readonly objects: readonly LiveObject[];
}

async function dayContents(day: string, analytics: Pick<Archive, "head" | "list">): Promise<DayContents> {
  const keys = await partsOf(analytics, day);
  const parts = new Map(await Promise.all(keys.map(async (key) => [key, await analytics.head(key)] as const)));
  return { parts, objects: await liveObjectsOf(analytics, day) };
}

/** As many shards as the largest table needs, and no fewer than parts are there: each of them is replaced. */
function blankRecord({ parts, objects }: DayContents): DayRecord {
  if (objects.length === 0 && parts.size === 0) return [];
  const sizes = [...Map.groupBy(objects, ({ table }) => table).values()].map(({ length }) => length);
  const numbers = [...parts.keys()].map((key) => Number(/part-(\d+)\.parquet$/.exec(key)?.[1] ?? -1));
  return new Array(Math.max(shardCount(Math.max(0, ...sizes)), ...numbers.map((number) => number + 1))).fill(null);
}

interface ShardTarget {
  readonly day: string;
  readonly shard: number;
  readonly before: DayContents["parts"];
  readonly isRead: boolean;
}

/** One table after the other: only one part is held at a time. */
async function compactShard(
  { day, shard, before, isRead }: ShardTarget,
  objects: readonly LiveObject[],
  analytics: Pick<Archive, "get" | "put" | "stream">,
  onObject: () => void,
): Promise<ShardRecord> {
  let [rows, bytes, parts] = [0, 0, 0];
  const hashes: Record<string, string> = {};
  const unreadable: string[] = [];
  for (const table of TABLES) {
    const key = partKey(table.name, day, shard);
    const ofTable = objects.filter((each) => each.table === table);
    const part = await writePart({ table, key, before: before.get(key), isRead }, ofTable, analytics, onObject);
    rows += part.rows;
    bytes += part.bytes;
    parts += part.bytes > 0 ? 1 : 0;
    if (part.sha256 !== undefined) hashes[table.name] = part.sha256;
    unreadable.push(...part.unreadable);
  }
  const { bytes: live_bytes, ...totals } = totalsOf(objects);
  return { ...totals, live_bytes, rows, parts, bytes, sha256: hashes, unreadable };
}
