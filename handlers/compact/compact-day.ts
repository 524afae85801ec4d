import { partKey, type Table } from "../../queries/tables/table.ts";
import type { Archive, ObjectHead } from "../clients/archive/archive.ts";
import { type DirtyMarker, isMarkerOf, removeDirtyMarkers } from "./dirty-markers.ts";
import { type LiveObject, liveObjectsOf, partsOf } from "./live-objects.ts";
import { rowsInPacks } from "./pack.ts";
import { withPacksRetired } from "./pack-hour.ts";
import { writeShard } from "./shard.ts";
import { shardCount, shardOf } from "./shards.ts";
import type { DayRecord, HeldState } from "./state.ts";

/** What compacting a day needs from outside. */
export interface CompactDayDeps {
  readonly analytics: Pick<Archive, "get" | "put" | "stream" | "head" | "list" | "delete">;
  readonly state: HeldState;
  /** Whether there is time to begin another shard. */
  readonly hasTime: () => boolean;
  readonly onObject: () => void;
}

/** The result for a day: how many shards were written, and whether no shard is left to write. */
export interface CompactedDay {
  readonly shards: number;
  readonly isComplete: boolean;
}

/**
 * Writes the parts of a day from its live objects, or from the packs of its hours, which have their rows: those of
 * missing shards, those of conversations with dirty markers, or all of them if `isWhole` or a marker of the whole day or
 * of a whole hour requires it. The stored parts of a missing shard are compared byte for byte, and parts beyond the
 * record are replaced, so a damaged or foreign part does not stay.
 *
 * Each shard is recorded when all its parts are in place, and its markers are removed after that. So the next run
 * continues one that ended early. Only the state counts: parts that an earlier run wrote without a record are replaced.
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

  const packs = state.current.hours[day] ?? {};
  const changed = Object.keys(packs).filter((hour) => markers.some((marker) => isMarkerOf(hour, marker)));
  // The markers are removed below. After that, only the live objects have the changes.
  if (changed.length > 0) await state.update(withPacksRetired(day, changed, state.current));
  const ofWhole = markers.filter(({ conversation }) => conversation === undefined);
  if (isWhole || ofWhole.length > 0) {
    // A shard that the state records as missing needs no marker.
    record.length = Math.max(record.length, blankRecord(contents).length);
    record.fill(null);
    if (record.length > 0) await putOnRecord();
    await removeDirtyMarkers(ofWhole, analytics);
  }
  const knownRows = rowsInPacks(day, packs, markers, analytics);
  const markersOf = Map.groupBy(markers, ({ conversation = "" }) => shardOf(conversation, record.length));
  const objects = Map.groupBy(contents.objects, ({ conversation }) => shardOf(conversation, record.length));
  const pending = [...record.keys()].filter((shard) => record[shard] === null || markersOf.has(shard));
  for (const [written, shard] of pending.entries()) {
    if (!hasTime()) return { shards: written, isComplete: false };
    const isRead = record[shard] === null;
    const to = (table: Table) => {
      const key = partKey(table.name, day, shard);
      return { table, key, before: contents.parts.get(key), isRead };
    };
    record[shard] = await writeShard(to, objects.get(shard) ?? [], knownRows, { analytics, onObject });
    await putOnRecord();
    await removeDirtyMarkers(markersOf.get(shard) ?? [], analytics);
  }
  // The day has neither objects nor parts.
  if (record.length === 0) await removeDirtyMarkers(markers, analytics);
  return { shards: pending.length, isComplete: true };
}

interface DayContents {
  /** The stored parts before the live objects were listed, so that a later writer is detected. */
  readonly parts: ReadonlyMap<string, ObjectHead | undefined>;
  readonly objects: readonly LiveObject[];
}

async function dayContents(day: string, analytics: Pick<Archive, "head" | "list">): Promise<DayContents> {
  const keys = await partsOf(analytics, day);
  const parts = new Map(await Promise.all(keys.map(async (key) => [key, await analytics.head(key)] as const)));
  return { parts, objects: await liveObjectsOf(analytics, day) };
}

/**
 * A record of missing shards: as many as the largest table needs, and at least as many as the stored parts, which are
 * all replaced.
 */
function blankRecord({ parts, objects }: DayContents): DayRecord {
  if (objects.length === 0 && parts.size === 0) return [];
  const sizes = [...Map.groupBy(objects, ({ table }) => table).values()].map(({ length }) => length);
  const numbers = [...parts.keys()].map((key) => Number(/part-(\d+)\.parquet$/.exec(key)?.[1] ?? -1));
  return new Array(Math.max(shardCount(Math.max(0, ...sizes)), ...numbers.map((number) => number + 1))).fill(null);
}
