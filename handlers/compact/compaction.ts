import { type LogEntry, messageOf } from "../clients/observability/log.ts";
import { endOf } from "./days.ts";
import type { CompactionState, DayRecord } from "./state.ts";

/** A day that was compacted, with its present record, or an hour that was packed, with its pack. */
export interface DayReport {
  /** `YYYY-MM-DD`, or `YYYY-MM-DD/HH` for an hour. */
  readonly day: string;
  /** `closed` for the first time, or `rewritten` because something in it changed. */
  readonly did: "closed" | "rewritten" | "packed";
  /** How many of its shards were written. */
  readonly shards: number;
  readonly record: DayRecord;
}

/** The log entry of a day that was compacted, or of an hour that was packed. */
export function logEntryOf({ day: subject, did, shards, record }: DayReport): LogEntry {
  const [day, hour] = subject.split("/");
  if (hour === undefined) return { event: did, day, shards };
  return { event: did, day, hour, conversations: record[0]?.conversations };
}

/** The result of a run. */
export interface Compaction {
  readonly days: readonly DayReport[];
  /** False if time ran out. The next run continues. */
  readonly isFinished: boolean;
  /** Whether there was nothing to do: no day is open that may be closed, and no closed day changed. */
  readonly isIdle: boolean;
  readonly firstLiveDay: string;
  /** How many seconds ago the first day that the views read live ended; 0 if it has not ended. */
  readonly oldestOpenSeconds: number;
  /** Live objects that cannot be read, by day. Their rows are missing from the day, or from a packed hour of it. */
  readonly unreadable: Readonly<Record<string, readonly string[]>>;
}

/** What could not be compacted, and why. */
export interface CompactionFailure {
  readonly subject: string;
  readonly error: unknown;
}

/** Some days or hours could not be compacted. The others were, and a later run retries these. */
export class CompactionFailed extends AggregateError {
  override readonly name = "CompactionFailed";
  readonly subjects: readonly string[];
  readonly done: Compaction;

  constructor(failures: readonly CompactionFailure[], done: Compaction) {
    super(
      failures.map(({ error }) => error),
      failures.map(({ subject, error }) => `${subject}: ${messageOf(error)}`).join("; "),
    );
    this.subjects = failures.map(({ subject }) => subject);
    this.done = done;
  }
}

/** How far days are closed, and what is wrong with closed days and packed hours. */
export function compactionStatus(
  { first_live_day: firstLiveDay, views, days, hours }: CompactionState,
  now: Date,
): Pick<Compaction, "firstLiveDay" | "oldestOpenSeconds" | "unreadable"> {
  // If the views never moved, closed days are still read live.
  const oldestOpen = views?.firstLiveDay ?? Object.keys(days).sort()[0] ?? firstLiveDay;
  const openSeconds = (now.getTime() - endOf(oldestOpen).getTime()) / 1000;
  const named = Object.entries(days).map(([day, record]): [string, string[]] => [
    day,
    record.flatMap((shard) => shard?.unreadable ?? []),
  ]);
  for (const [day, packs] of Object.entries(hours))
    named.push([day, Object.values(packs).flatMap(({ unreadable }) => unreadable)]);
  return {
    firstLiveDay,
    oldestOpenSeconds: Math.max(0, Math.round(openSeconds)),
    unreadable: Object.fromEntries(named.filter(([, keys]) => keys.length > 0)),
  };
}
