import { rowsIn, UnreadableParquet } from "../../queries/tables/read-parquet.ts";
import { type AnyRow, liveKey, packKey, type Table } from "../../queries/tables/table.ts";
import { unroutedDeliveries } from "../../queries/tables/unrouted.ts";
import { sha256 } from "../call/digest.ts";
import { text } from "../call/json.ts";
import { slugged } from "../call/slug.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { type DirtyMarker, isMarkerOf } from "./dirty-markers.ts";
import type { LiveObject } from "./live-objects.ts";
import type { KnownRows } from "./part.ts";
import type { KnownRowsOf } from "./shard.ts";
import type { PackRecord } from "./state.ts";

/**
 * Returns the rows that packs of a day have of live objects. A pack has the rows of every live object of its hour, except
 * of those with a dirty marker. So a pack is one request for the rows of a thousand objects.
 *
 * A pack that is damaged or gone has no known rows, and neither has an object that could not be read into it: the live
 * objects are read then. `packs` are the recorded ones, by hour, `HH`.
 */
export function rowsInPacks(
  day: string,
  packs: Readonly<Record<string, PackRecord>>,
  markers: readonly DirtyMarker[],
  analytics: Pick<Archive, "get">,
): KnownRowsOf {
  return async (table, among) => {
    const known = new Map<string, AnyRow[]>();
    // The name of an unrouted object is not the id of a conversation.
    if (table.name === unroutedDeliveries.name) return known;
    const keysOf = Map.groupBy(among, ({ hour }) => hour);
    for (const [hour, pack] of Object.entries(packs)) {
      const ofHour = markers.filter((marker) => isMarkerOf(hour, marker));
      if (ofHour.some(({ conversation }) => conversation === undefined)) continue;
      const changed = new Set(ofHour.map(({ conversation }) => conversation));
      const unchanged = (keysOf.get(`${day}/${hour}`) ?? []).filter(({ conversation }) => !changed.has(conversation));
      if (unchanged.length === 0) continue;
      for (const [key, rows] of await rowsInPack(table, unchanged, { day, hour, pack }, analytics))
        known.set(key, rows);
    }
    return known;
  };
}

async function rowsInPack(
  table: Table,
  objects: readonly LiveObject[],
  { day, hour, pack }: { readonly day: string; readonly hour: string; readonly pack: PackRecord },
  analytics: Pick<Archive, "get">,
): Promise<KnownRows> {
  const wanted = new Set(objects.map(({ key }) => key));
  const object = await analytics.get(packKey(table.name, day, pack.pack));
  if (!object || sha256(object.body) !== pack.sha256?.[table.name]) return new Map();
  try {
    const rows = await rowsIn(table, object.body);
    const keyOf = (row: AnyRow) => liveKey(table.name, `${day}/${hour}`, slugged(text(row["conversation_id"]) ?? ""));
    const grouped = Map.groupBy(rows, keyOf);
    return new Map([...grouped].filter(([key]) => wanted.has(key)));
  } catch (error) {
    if (!(error instanceof UnreadableParquet)) throw error;
    return new Map();
  }
}
