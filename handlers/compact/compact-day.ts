import { TABLES } from "../../queries/tables/all.ts";
import { conversations } from "../../queries/tables/conversations.ts";
import { partKey } from "../../queries/tables/table.ts";
import type { Archive } from "../clients/archive.ts";
import { type LiveObject, liveObjectsOf, partsOf } from "./live-objects.ts";
import { type PartTo, writePart } from "./part.ts";
import { shardCount, shardOf } from "./shards.ts";
import type { DayRecord, HeldState, ShardRecord } from "./state.ts";

/** What compacting a day needs from outside. */
export interface CompactingDay {
  readonly analytics: Pick<Archive, "get" | "put" | "head" | "list">;
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
 * Makes the parts of a day from its live objects: those that are not made yet, and those of conversations that
 * `changed`.
 *
 * Each shard goes on record when all its parts are in place, so a run that ends early is gone on with. The state
 * is all that says so: parts that an earlier run left without a word are replaced.
 */
export async function compactDay(
  day: string,
  changed: "all" | readonly string[],
  { analytics, state, hasTime, onObject }: CompactingDay,
): Promise<CompactedDay> {
  const known = state.current.days[day];
  // What stands there is looked at before the live objects are: whoever writes a part meanwhile is found out.
  const before = await partsOf(analytics, day);
  const heads = new Map(await Promise.all(before.map(async (key) => [key, await analytics.head(key)] as const)));
  const objects = await liveObjectsOf(analytics, day);
  if (!known && objects.length === 0 && before.length === 0) return { shards: 0, isComplete: true };

  const record = [...(known ?? blankRecord(objects, before))];
  const concerned = shardsOf(changed, record.length);
  const pending = [...record.keys()].filter((number) => record[number] === null || concerned.has(number));
  const ofShard = Map.groupBy(objects, ({ conversation }) => shardOf(conversation, record.length));
  let shards = 0;
  for (const number of pending) {
    if (!hasTime()) return { shards, isComplete: false };
    const to = TABLES.map((table): PartTo => {
      const key = partKey(table.name, day, number);
      return { table, key, before: heads.get(key) };
    });
    record[number] = await compactShard(to, ofShard.get(number) ?? [], analytics, onObject);
    await state.update({ days: { ...state.current.days, [day]: [...record] } });
    shards += 1;
  }
  return { shards, isComplete: true };
}

/** As many shards as the day's conversations need, and no fewer than parts are there: each of them is replaced. */
function blankRecord(objects: readonly LiveObject[], parts: readonly string[]): DayRecord {
  const names = new Set(objects.map(({ conversation }) => conversation));
  const numbers = parts.map((key) => Number(/part-(\d+)\.parquet$/.exec(key)?.[1] ?? -1));
  return new Array(Math.max(shardCount(names.size), ...numbers.map((number) => number + 1))).fill(null);
}

function shardsOf(changed: "all" | readonly string[], count: number): Set<number> {
  return new Set(changed === "all" ? Array(count).keys() : changed.map((name) => shardOf(name, count)));
}

/** One table after the other: only one part is held at a time. */
async function compactShard(
  parts: readonly PartTo[],
  objects: readonly LiveObject[],
  analytics: Pick<Archive, "get" | "put">,
  onObject: () => void,
): Promise<ShardRecord> {
  let [rows, bytes, made] = [0, 0, 0];
  const unreadable: string[] = [];
  for (const to of parts) {
    const ofTable = objects.filter(({ table }) => table === to.table);
    const part = await writePart(to, ofTable, analytics, onObject);
    rows += part.rows;
    bytes += part.bytes;
    made += part.bytes > 0 ? 1 : 0;
    unreadable.push(...part.unreadable);
  }
  return {
    conversations: objects.filter(({ table }) => table.name === conversations.name).length,
    objects: objects.length,
    live_bytes: objects.reduce((sum, { size }) => sum + size, 0),
    rows,
    parts: made,
    bytes,
    unreadable,
  };
}
