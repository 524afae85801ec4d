import { type ClosedDays, NOTHING_CLOSED, packsIn, STATE_KEY } from "../../queries/tables/closed-days.ts";
import {
  isCount,
  isDay,
  isMoment,
  isSha256,
  isText,
  listOf,
  objectOf,
  optional,
  orNull,
  recordOf,
} from "../call/shape.ts";
import { type Archive, PreconditionFailed } from "../clients/archive/archive.ts";
import { readJson, writeJson } from "../clients/archive/json-object.ts";
import { isLease, type Lease, LeaseHeld, type LeaseOptions, nextLease } from "../clients/lease.ts";

/** The input and the output of one shard of a closed day, over all tables. */
export interface ShardRecord {
  readonly conversations: number;
  /** Live objects, and their bytes. */
  readonly objects: number;
  readonly live_bytes: number;
  readonly rows: number;
  /** Parts in `days/`, and their bytes. */
  readonly parts: number;
  readonly bytes: number;
  /** The SHA-256 of each part, by table. Absent if an earlier version closed the day. */
  readonly sha256?: Readonly<Record<string, string>>;
  /** Keys of live objects that could not be read. Their rows are missing. */
  readonly unreadable: readonly string[];
}

/** A pack: the rows of one hour of an open day. Its parts are in `hours/`, under its number. */
export interface PackRecord extends ShardRecord {
  readonly pack: number;
}

/** A day's shards, by number. `null` is a shard that is not written yet. */
export type DayRecord = readonly (ShardRecord | null)[];

/** The subject of errors about the lease on the state. */
const SUBJECT = "the compaction state";

/** The record of closed days. One object, written conditionally. */
export interface CompactionState {
  /** Every day before it is complete in `days/`. */
  readonly first_live_day: string;
  /**
   * Closed days that changed, and are read live until they are rebuilt. The value is the time since which the views do
   * so (ISO 8601), or `null` if they may not do so yet.
   */
  readonly changed: Readonly<Record<string, string | null>>;
  /**
   * The closed days that the views read since they last moved. All of them are complete. `null` if the views never
   * moved.
   */
  readonly views: ClosedDays | null;
  /** By day. A day without calls has no record. */
  readonly days: Readonly<Record<string, DayRecord>>;
  /** The packed hours of open days, by day and hour, `HH`. */
  readonly hours: Readonly<Record<string, Readonly<Record<string, PackRecord>>>>;
  /**
   * Folders of packs that no view needs any more, without their table: `dt=YYYY-MM-DD/` or `dt=YYYY-MM-DD/pack=N/`. The
   * value is the time since which the views do not read them (ISO 8601), or `null` if they may still do so.
   */
  readonly retired: Readonly<Record<string, string | null>>;
  readonly lease?: Lease | undefined;
}

/** A stored state: before 2026-12 it has no packed hours. */
type StoredState = Omit<CompactionState, "hours" | "retired"> & Partial<Pick<CompactionState, "hours" | "retired">>;

/** The state, under the lease. */
export interface HeldState {
  readonly current: CompactionState;
  /** @throws PreconditionFailed if another compactor took over. */
  update(change: Partial<CompactionState>): Promise<void>;
  /** Releases the lease. */
  release(): Promise<void>;
}

/** Reads the state. Returns a blank one if there is none, or a damaged one: all of it can be recomputed. */
export async function readState(analytics: Pick<Archive, "get">) {
  const { value, etag, isDamaged } = await readJson(analytics, STATE_KEY, isState);
  return { state: { ...BLANK, ...value }, etag, isDamaged };
}

const BLANK: CompactionState = {
  first_live_day: NOTHING_CLOSED.firstLiveDay,
  changed: {},
  views: null,
  days: {},
  hours: {},
  retired: {},
};

const SHARD = {
  conversations: isCount,
  objects: isCount,
  live_bytes: isCount,
  rows: isCount,
  parts: isCount,
  bytes: isCount,
  sha256: optional(recordOf(isSha256)),
  unreadable: listOf(isText),
};

const isShard = objectOf<ShardRecord>(SHARD);

const isPack = objectOf<PackRecord>({ ...SHARD, pack: isCount });

/** Whether a parsed value is a stored state. */
const isState = objectOf<StoredState>({
  first_live_day: isDay,
  changed: recordOf(orNull(isMoment)),
  views: orNull(
    objectOf<ClosedDays>({ firstLiveDay: isDay, changed: listOf(isDay), packs: optional(recordOf(recordOf(isCount))) }),
  ),
  days: recordOf(listOf(orNull(isShard))),
  hours: optional(recordOf(recordOf(isPack))),
  retired: optional(recordOf(orNull(isMoment))),
  lease: optional(isLease),
});

/** The closed days that the views must read. */
export function closedDays({ first_live_day: firstLiveDay, changed, hours }: CompactionState): ClosedDays {
  return { firstLiveDay, changed: Object.keys(changed).sort(), packs: packsIn(hours) };
}

/**
 * Takes the lease on the state: one compactor at a time.
 *
 * @throws LeaseHeld if another one holds it.
 */
export async function holdState(
  analytics: Pick<Archive, "get" | "put">,
  leaseOptions: LeaseOptions,
  now: Date,
): Promise<HeldState> {
  const read = await readState(analytics);
  let { state: current, etag } = read;
  const lease = nextLease(current.lease, SUBJECT, leaseOptions, now);

  async function update(change: Partial<CompactionState>) {
    const next = { ...current, ...change };
    etag = await writeJson(analytics, STATE_KEY, next, etag);
    current = next;
  }

  try {
    await update({ lease });
  } catch (error) {
    if (error instanceof PreconditionFailed) throw new LeaseHeld(SUBJECT, undefined, now, { cause: error });
    throw error;
  }
  return {
    get current() {
      return current;
    },
    update,
    release: () => update({ lease: undefined }),
  };
}
