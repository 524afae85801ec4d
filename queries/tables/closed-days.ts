import { checkedValue } from "./checksum.ts";
import { parsedJson } from "./parsed-json.ts";
import { sqlLiteral } from "./sql-text.ts";
import { FIRST_DAY, PARTITION, type Side } from "./table.ts";
import { isUtcDate } from "./utc-date.ts";

/** The days that the views read from `days/`. They read all others from `live/`. */
export interface ClosedDays {
  /** Every day before it is complete in `days/`. */
  readonly firstLiveDay: string;
  /** Earlier days that are read live, because something in them changed after they were closed. */
  readonly changed: readonly string[];
}

/** No day is closed: everything is read live. */
export const NOTHING_CLOSED: ClosedDays = { firstLiveDay: FIRST_DAY, changed: [] };

/** The SQL condition on a day that is read from `side`, for every engine. Each day is on exactly one side. */
export function daysOnSide(side: Side, { firstLiveDay, changed }: ClosedDays): string {
  const { name: dt } = PARTITION;
  const days = changed.map(sqlLiteral).join(", ");
  if (side === "days") return `${dt} < ${sqlLiteral(firstLiveDay)}${days && ` and ${dt} not in (${days})`}`;
  return `${dt} >= ${sqlLiteral(firstLiveDay)}${days && ` or ${dt} in (${days})`}`;
}

/** Whether `day` is read from `live/`: the same condition, for one day. */
export function isLive(day: string, { firstLiveDay, changed }: ClosedDays): boolean {
  return day >= firstLiveDay || changed.includes(day);
}

/** The key of the list of closed days, in the analytics bucket or folder. The compactor writes it. */
export const STATE_KEY = "compaction/state.json";

/** The prefix of dirty markers; the day and a slash follow. A marker means that rows of this past day changed. */
export const DIRTY_FOLDER = `compaction/dirty/${PARTITION.name}=`;

/** The closed days in the object at `STATE_KEY`; none if the object is missing or damaged. */
export function closedDaysIn(state: Uint8Array | undefined): ClosedDays {
  const read = checkedValue(parsedJson(Buffer.from(state ?? []).toString()));
  const { first_live_day: firstLiveDay, changed = {} } = Object(read);
  if (changed === null) return NOTHING_CLOSED;
  const days = [firstLiveDay, ...Object.keys(changed)];
  return days.every((day) => typeof day === "string" && isUtcDate(day))
    ? { firstLiveDay, changed: days.slice(1) }
    : NOTHING_CLOSED;
}
