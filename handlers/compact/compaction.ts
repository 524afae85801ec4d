import { messageOf } from "../clients/observability/log.ts";
import { endOf } from "./days.ts";
import type { CompactionState, DayRecord } from "./state.ts";

/** A day that was compacted, as it is now. */
export interface DayReport {
  readonly day: string;
  /** `closed` for the first time, or `rewritten`, since something in it changed. */
  readonly did: "closed" | "rewritten";
  /** How many of its shards were made. */
  readonly shards: number;
  readonly record: DayRecord;
}

/** What came of a run. */
export interface Compaction {
  readonly days: readonly DayReport[];
  /** False if time ran out. The next run goes on. */
  readonly isFinished: boolean;
  readonly firstLiveDay: string;
  /** For how many seconds the first day that the views still read live has been over; 0 if it is not over. */
  readonly oldestOpenSeconds: number;
  /** Live objects whose rows are missing from their days, since they cannot be read. By day. */
  readonly unreadable: Readonly<Record<string, readonly string[]>>;
}

/** What could not be compacted, and why. */
export interface CompactionFailure {
  readonly subject: string;
  readonly error: unknown;
}

/** Some days could not be compacted. The others are, and a later run tries again. */
export class CompactionFailed extends AggregateError {
  override readonly name = "CompactionFailed";
  readonly done: Compaction;

  constructor(failures: readonly CompactionFailure[], done: Compaction) {
    super(
      failures.map(({ error }) => error),
      failures.map(({ subject, error }) => `${subject}: ${messageOf(error)}`).join("; "),
    );
    this.done = done;
  }
}

/** How far the closing of days has come, and what is wrong with what is closed. */
export function compactionStatus(
  { first_live_day: firstLiveDay, views, days }: CompactionState,
  now: Date,
): Pick<Compaction, "firstLiveDay" | "oldestOpenSeconds" | "unreadable"> {
  // Where the views were never moved, what is closed is read live all the same.
  const oldestOpen = views?.firstLiveDay ?? Object.keys(days).sort()[0] ?? firstLiveDay;
  const openSeconds = (now.getTime() - endOf(oldestOpen).getTime()) / 1000;
  const named = Object.entries(days).map(([day, record]): [string, string[]] => [
    day,
    record.flatMap((shard) => shard?.unreadable ?? []),
  ]);
  return {
    firstLiveDay,
    oldestOpenSeconds: Math.max(0, Math.round(openSeconds)),
    unreadable: Object.fromEntries(named.filter(([, keys]) => keys.length > 0)),
  };
}
