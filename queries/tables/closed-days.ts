import { checkedValue } from "./checksum.ts";
import { parsedJson } from "./parsed-json.ts";
import { sqlLiteral } from "./sql-text.ts";
import { FIRST_DAY, HOUR, PACK, PARTITION, type Side } from "./table.ts";
import { isUtcDate } from "./utc-date.ts";

/** The packs of an open day, by hour, `HH`. The views read these hours from `hours/`. */
type PacksByHour = Readonly<Record<string, number>>;

/** The days that the views read from `days/`, and the hours that they read from `hours/`. All others are in `live/`. */
export interface ClosedDays {
  /** Every day before it is complete in `days/`. */
  readonly firstLiveDay: string;
  /** Earlier days that are read live, because something in them changed after they were closed. */
  readonly changed: readonly string[];
  /** By open day. */
  readonly packs: Readonly<Record<string, PacksByHour>>;
}

/** No day is closed: everything is read live. */
export const NOTHING_CLOSED: ClosedDays = { firstLiveDay: FIRST_DAY, changed: [], packs: {} };

/**
 * The SQL condition on rows that are read from `side`, for every engine; `undefined` if none are. Each hour is on
 * exactly one side.
 */
export function conditionOf(side: Side, { firstLiveDay, changed, packs }: ClosedDays): string | undefined {
  const { name: dt } = PARTITION;
  const days = changed.map(sqlLiteral).join(", ");
  if (side === "days") return `${dt} < ${sqlLiteral(firstLiveDay)}${days && ` and ${dt} not in (${days})`}`;
  const ofDays = (condition: (hours: PacksByHour) => string) =>
    Object.entries(packs).map(([day, hours]) => `${dt} = ${sqlLiteral(day)} and ${condition(hours)}`);
  if (side === "hours") {
    return (
      ofDays(
        (hours) =>
          `${PACK.name} in (${Object.values(hours)
            .sort((one, other) => one - other)
            .join(", ")})`,
      ).join(" or ") || undefined
    );
  }
  const isOpen = `${dt} >= ${sqlLiteral(firstLiveDay)}${days && ` or ${dt} in (${days})`}`;
  const packed = ofDays((hours) => `${HOUR.name} in (${Object.keys(hours).sort().map(sqlLiteral).join(", ")})`);
  return packed.length === 0 ? isOpen : [`(${isOpen})`, ...packed.map((each) => `not (${each})`)].join(" and ");
}

/** Whether `hour`, `YYYY-MM-DD/HH`, is read from `live/`: the same condition, for one hour. */
export function isLive(hour: string, { firstLiveDay, changed, packs }: ClosedDays): boolean {
  const [day = "", ofDay = ""] = hour.split("/");
  return (day >= firstLiveDay || changed.includes(day)) && packs[day]?.[ofDay] === undefined;
}

/** The same days and hours, but those of `changes` are read live. `hour` is `HH`, or any other text for none. */
export function withChanges(
  { firstLiveDay, changed, packs }: ClosedDays,
  changes: readonly { readonly day: string; readonly hour: string }[],
): ClosedDays {
  const days = changes.map(({ day }) => day).filter((day) => day < firstLiveDay);
  const isChanged = (one: string, hour: string) => changes.some((each) => each.day === one && each.hour === hour);
  const left = Object.entries(packs).map(([day, hours]) => {
    const unchanged = Object.entries(hours).filter(([hour]) => !isChanged(day, hour));
    return [day, Object.fromEntries(unchanged)] as const;
  });
  const packed = left.filter(([, hours]) => Object.keys(hours).length > 0);
  return { firstLiveDay, changed: [...new Set([...changed, ...days])], packs: Object.fromEntries(packed) };
}

/** The key of the list of closed days, in the analytics bucket or folder. The compactor writes it. */
export const STATE_KEY = "compaction/state.json";

/**
 * The prefix of dirty markers. The day follows, a slash, and `hr=HH/` if the rows have an hour. A marker means that rows
 * of this past hour changed.
 */
export const DIRTY_FOLDER = `compaction/dirty/${PARTITION.name}=`;

/** The closed days in the object at `STATE_KEY`; none if the object is missing or damaged. */
export function closedDaysIn(state: Uint8Array | undefined): ClosedDays {
  const read = checkedValue(parsedJson(Buffer.from(state ?? []).toString()));
  const { first_live_day: firstLiveDay, changed = {}, hours = {} } = Object(read);
  if (changed === null || !isPacked(hours)) return NOTHING_CLOSED;
  const days = [firstLiveDay, ...Object.keys(changed)];
  return [...days, ...Object.keys(hours)].every((day) => typeof day === "string" && isUtcDate(day))
    ? { firstLiveDay, changed: days.slice(1), packs: packsIn(hours) }
    : NOTHING_CLOSED;
}

/** Whether a value has records of packs by day and hour. Only their numbers are checked, which the views name. */
function isPacked(hours: unknown): hours is Parameters<typeof packsIn>[0] {
  return (
    isObject(hours) && Object.values(hours).every((ofDay) => isObject(ofDay) && Object.values(ofDay).every(isPack))
  );
}

function isPack(record: unknown): boolean {
  return Number.isSafeInteger(Object(record).pack);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The numbers of the packs in the member `hours` of the state, which has their records by day and hour. */
export function packsIn(
  hours: Readonly<Record<string, Readonly<Record<string, { readonly pack: number }>>>>,
): ClosedDays["packs"] {
  const ofDays = Object.entries(hours).map(([day, records]) => {
    const packs = Object.entries(records).map(([hour, { pack }]) => [hour, pack] as const);
    return [day, Object.fromEntries(packs)] as const;
  });
  return Object.fromEntries(ofDays);
}
