import type { Archive } from "../clients/archive/archive.ts";
import type { DayReport } from "./compaction.ts";
import { dayAfter } from "./days.ts";
import { liveObjectsOf, partsOf, totalsOf } from "./live-objects.ts";
import { pendingDays } from "./pending-days.ts";
import { type PendingHour, pendingHours } from "./pending-hours.ts";
import { type CompactionState, readState } from "./state.ts";

/** A day that would be compacted, or an hour that would be packed, with its size. */
export interface PlannedDay extends Pick<DayReport, "day" | "did"> {
  readonly conversations: number;
  /** Live objects, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  readonly parts: number;
}

/** Returns what `compact` would do now. Writes nothing. */
export async function plannedDays(
  analytics: Pick<Archive, "get" | "list" | "folders">,
  now: Date,
  closeAfterHours: number,
  only?: string,
): Promise<PlannedDay[]> {
  const { state } = await readState(analytics);
  const { rewrite, close, lastDay } = await pendingDays(analytics, state, now, closeAfterHours, only);
  const plan = (did: PlannedDay["did"]) => (day: string) => plannedDay(analytics, day, did);
  const days = await Promise.all([...rewrite.map(plan("rewritten")), ...close.map(plan("closed"))]);
  const planned = [...days, ...(only === undefined ? await plannedHours(analytics, state, lastDay, now) : [])];
  return planned.filter(({ objects, parts }) => objects + parts > 0);
}

/** The hours to pack when every day up to `lastDay` is closed. */
async function plannedHours(
  analytics: Pick<Archive, "list" | "folders">,
  state: CompactionState,
  lastDay: string,
  now: Date,
): Promise<PlannedDay[]> {
  const first_live_day = lastDay < state.first_live_day ? state.first_live_day : dayAfter(lastDay);
  const hours = await pendingHours(analytics, { ...state, first_live_day }, now);
  return Promise.all(hours.map((each) => plannedHour(analytics, each, state)));
}

async function plannedHour(
  analytics: Pick<Archive, "list">,
  { day, hour }: PendingHour,
  { hours }: CompactionState,
): Promise<PlannedDay> {
  const subject = `${day}/${hour}`;
  const objects = await liveObjectsOf(analytics, subject);
  return { day: subject, did: "packed", ...totalsOf(objects), parts: hours[day]?.[hour]?.parts ?? 0 };
}

async function plannedDay(analytics: Pick<Archive, "list">, day: string, did: PlannedDay["did"]): Promise<PlannedDay> {
  const [objects, parts] = [await liveObjectsOf(analytics, day), await partsOf(analytics, day)];
  return { day, did, ...totalsOf(objects), parts: parts.length };
}
