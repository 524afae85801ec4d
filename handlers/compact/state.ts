import { type ClosedDays, NOTHING_CLOSED, STATE_KEY } from "../../queries/tables/closed-days.ts";
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

/** What one shard of a closed day was made of, and what it came to, in all tables. */
export interface ShardRecord {
  readonly conversations: number;
  /** Live objects, and their bytes. */
  readonly objects: number;
  readonly live_bytes: number;
  readonly rows: number;
  /** Parts in `days/`, and their bytes. */
  readonly parts: number;
  readonly bytes: number;
  /** The SHA-256 of each part, by table. Absent where an earlier version closed the day. */
  readonly sha256?: Readonly<Record<string, string>>;
  /** Keys of live objects that could not be read, and whose rows are missing. */
  readonly unreadable: readonly string[];
}

/** A day's shards, each by its number; `null` is one that is still to be made. */
export type DayRecord = readonly (ShardRecord | null)[];

/** What the lease on the state protects, in the words of an error. */
const SUBJECT = "the compaction state";

/** What is closed. One object, written on condition. */
export interface CompactionState {
  /** Every day before it is complete in `days/`. */
  readonly first_live_day: string;
  /**
   * Closed days that are to be read live until they are made anew, since something in them changed: since when the
   * views do so (ISO 8601), or `null` if they may not yet.
   */
  readonly changed: Readonly<Record<string, string | null>>;
  /** What the views name since they were last moved: never a day that is not complete. `null` if they never were. */
  readonly views: ClosedDays | null;
  /** By day. A day without calls has no record. */
  readonly days: Readonly<Record<string, DayRecord>>;
  readonly lease?: Lease | undefined;
}

/** The state, in the hands of the one who has the lease. */
export interface HeldState {
  readonly current: CompactionState;
  /** @throws PreconditionFailed if somebody else took over. */
  update(change: Partial<CompactionState>): Promise<void>;
  /** Gives the lease back. */
  release(): Promise<void>;
}

/** Reads the state. A blank one if there is none, or a damaged one: all it says can be found out again. */
export async function readState(analytics: Pick<Archive, "get">) {
  const { value, etag, isDamaged } = await readJson(analytics, STATE_KEY, isState);
  return { state: value ?? BLANK, etag, isDamaged };
}

const BLANK: CompactionState = { first_live_day: NOTHING_CLOSED.firstLiveDay, changed: {}, views: null, days: {} };

const isShard = objectOf<ShardRecord>({
  conversations: isCount,
  objects: isCount,
  live_bytes: isCount,
  rows: isCount,
  parts: isCount,
  bytes: isCount,
  sha256: optional(recordOf(isSha256)),
  unreadable: listOf(isText),
});

const isState = objectOf<CompactionState>({
  first_live_day: isDay,
  changed: recordOf(orNull(isMoment)),
  views: orNull(objectOf<ClosedDays>({ firstLiveDay: isDay, changed: listOf(isDay) })),
  days: recordOf(listOf(orNull(isShard))),
  lease: optional(isLease),
});

/** What the views are to name. */
export function closedDays({ first_live_day: firstLiveDay, changed }: CompactionState): ClosedDays {
  return { firstLiveDay, changed: Object.keys(changed).sort() };
}

/**
 * Takes the state to work on it: one compactor at a time.
 *
 * @throws LeaseHeld if another one has it.
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
