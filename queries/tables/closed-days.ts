import { checkedValue } from "./checksum.ts";
import { parsedJson } from "./parsed-json.ts";
import { sqlLiteral } from "./sql-text.ts";
import { FIRST_DAY, PARTITION, type Side } from "./table.ts";
import { isUtcDate } from "./utc-date.ts";

/** Which days the views read as they were closed. The others they read live. */
export interface ClosedDays {
  /** Every day before it is complete in `days/`. */
  readonly firstLiveDay: string;
  /** Days before it that are read live all the same: something in them changed after they were closed. */
  readonly changed: readonly string[];
}

/** Everything is read live. */
export const NOTHING_CLOSED: ClosedDays = { firstLiveDay: FIRST_DAY, changed: [] };

/** What a day must be to be read from `side`, in any engine's SQL. Every day is on one side. */
export function daysOnSide(side: Side, { firstLiveDay, changed }: ClosedDays): string {
  const { name: dt } = PARTITION;
  const days = changed.map(sqlLiteral).join(", ");
  if (side === "days") return `${dt} < ${sqlLiteral(firstLiveDay)}${days && ` and ${dt} not in (${days})`}`;
  return `${dt} >= ${sqlLiteral(firstLiveDay)}${days && ` or ${dt} in (${days})`}`;
}

/** The object, in the analytics bucket or folder, that says which days are closed. The compactor writes it. */
export const STATE_KEY = "compaction/state.json";

/** What the keys of dirty marks begin with; the day follows, and a slash. Each says that rows of a past day changed. */
export const DIRTY_FOLDER = `compaction/dirty/${PARTITION.name}=`;

/** Which days are closed, by what stands at `STATE_KEY`; none if nothing is there, or something damaged. */
export function closedDaysIn(state: Uint8Array | undefined): ClosedDays {
  const read = checkedValue(parsedJson(Buffer.from(state ?? []).toString()));
  const { first_live_day: firstLiveDay, changed = {} } = Object(read);
  if (changed === null) return NOTHING_CLOSED;
  const days = [firstLiveDay, ...Object.keys(changed)];
  return days.every((day) => typeof day === "string" && isUtcDate(day))
    ? { firstLiveDay, changed: days.slice(1) }
    : NOTHING_CLOSED;
}
