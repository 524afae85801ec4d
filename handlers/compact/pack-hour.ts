import { TABLES } from "../../queries/tables/all.ts";
import { dayFolder, PACK, PARTITION, packKey } from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { removeDirtyMarkers } from "./dirty-markers.ts";
import { liveObjectsOf } from "./live-objects.ts";
import { rowsInPacks } from "./pack.ts";
import type { PendingHour } from "./pending-hours.ts";
import { writeShard } from "./shard.ts";
import type { CompactionState, HeldState, PackRecord } from "./state.ts";

/** What packing an hour needs from outside. */
export interface PackHourDeps {
  readonly analytics: Pick<Archive, "get" | "put" | "stream" | "list" | "delete" | "folders">;
  readonly state: HeldState;
  readonly onObject: () => void;
}

/**
 * Writes the rows of an hour as a pack with a new number, and records it. The pack of an earlier run is retired. An hour
 * without rows has no pack. Returns the record; `undefined` if there is none.
 *
 * Nothing is replaced: a run that lost its lease collides with the first object of the next one, since each table of a
 * pack has an object, even without rows. The markers are removed when the pack is recorded.
 *
 * @throws PreconditionFailed if another compactor writes the same pack.
 */
export async function packHour(
  { day, hour, markers }: PendingHour,
  { analytics, state, onObject }: PackHourDeps,
): Promise<PackRecord | undefined> {
  const objects = await liveObjectsOf(analytics, `${day}/${hour}`);
  const earlier = state.current.hours[day]?.[hour];
  let packed: PackRecord | undefined;
  if (objects.length > 0) {
    const pack = 1 + (await lastPack(analytics, day, state.current));
    const to = (table: (typeof TABLES)[number]) =>
      ({
        table,
        key: packKey(table.name, day, pack),
        before: undefined,
        isRead: false,
        isAlwaysWritten: true,
      }) as const;
    const known = rowsInPacks(day, earlier ? { [hour]: earlier } : {}, markers, analytics);
    packed = { ...(await writeShard(to, objects, known, { analytics, onObject })), pack };
  }
  const { hours, retired } = withPacksRetired(day, [hour], state.current);
  await state.update({ hours: packed ? withDay(hours, day, { ...hours[day], [hour]: packed }) : hours, retired });
  await removeDirtyMarkers(markers, analytics);
  return packed;
}

/** The changes of the state when packs of a day are not used any more. These hours, `HH`, are read live then. */
export function withPacksRetired(
  day: string,
  ofDay: readonly string[],
  { hours, retired }: CompactionState,
): Pick<CompactionState, "hours" | "retired"> {
  const packs = Object.entries(hours[day] ?? {});
  const folders = packs.filter(([hour]) => ofDay.includes(hour)).map(([, { pack }]) => packFolder(day, pack));
  const left = Object.fromEntries(packs.filter(([hour]) => !ofDay.includes(hour)));
  const added = Object.fromEntries(folders.map((folder) => [folder, null]));
  return { hours: withDay(hours, day, left), retired: { ...retired, ...added } };
}

/** The changes of the state when a day is closed: its packs are retired. Parts of packs without a record, too. */
export async function withoutPacks(
  day: string,
  { hours, retired }: CompactionState,
  analytics: Pick<Archive, "list">,
): Promise<Pick<CompactionState, "hours" | "retired">> {
  const hasPacks = hours[day] !== undefined || (await lastPackStored(analytics, day)) > 0;
  return { hours: withDay(hours, day, {}), retired: { ...retired, ...(hasPacks && { [packFolder(day)]: null }) } };
}

/** Deletes the retired packs that no query can read any more, and returns the others. */
export async function deleteRetired(
  retired: CompactionState["retired"],
  isOver: (since: string | null) => boolean,
  analytics: Pick<Archive, "list" | "delete">,
): Promise<CompactionState["retired"]> {
  const over = Object.entries(retired).filter(([, since]) => isOver(since));
  for (const [folder] of over) {
    for (const { name } of TABLES) {
      for await (const { key } of analytics.list(`hours/${name}/${folder}`)) await analytics.delete(key);
    }
  }
  return Object.fromEntries(Object.entries(retired).filter(([, since]) => !isOver(since)));
}

/**
 * The last number of a pack of a day that is stored or recorded: 0 if there is none. A retired pack counts until the
 * state does not name it any more, also if it was deleted: a new pack of its number would be deleted, too.
 */
async function lastPack(analytics: Pick<Archive, "list">, day: string, state: CompactionState): Promise<number> {
  const recorded = Object.values(state.hours[day] ?? {}).map(({ pack }) => pack);
  const ofDay = Object.keys(state.retired).filter((folder) => folder.startsWith(packFolder(day)));
  return Math.max(await lastPackStored(analytics, day), ...recorded, ...ofDay.map(packIn));
}

/** The first table has an object of every pack, also of one that was not completed. */
async function lastPackStored(analytics: Pick<Archive, "list">, day: string): Promise<number> {
  let last = 0;
  for await (const { key } of analytics.list(dayFolder(TABLES[0]?.name ?? "", "hours", day))) {
    last = Math.max(last, packIn(key));
  }
  return last;
}

/** The number of a pack in a key or folder; 0 if it has none. */
function packIn(key: string): number {
  return Number(/pack=(\d+)\//.exec(key)?.[1] ?? 0);
}

/** The folder of a pack, or of all packs of a day, without its table. */
function packFolder(day: string, pack?: number): string {
  return `${PARTITION.name}=${day}/${pack === undefined ? "" : `${PACK.name}=${pack}/`}`;
}

function withDay<Value extends object>(
  days: Readonly<Record<string, Value>>,
  day: string,
  value: Value,
): Record<string, Value> {
  const { [day]: _, ...others } = days;
  return Object.keys(value).length === 0 ? others : { ...others, [day]: value };
}
