import type { Archive } from "../clients/archive/archive.ts";
import type { DayReport } from "./compaction.ts";
import { liveObjectsOf, partsOf, totalsOf } from "./live-objects.ts";
import { pendingDays } from "./pending-days.ts";
import { readState } from "./state.ts";

/** A day that would be compacted, with its size. */
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
  const { rewrite, close } = await pendingDays(analytics, state, now, closeAfterHours, only);
  const planned = (did: PlannedDay["did"]) => (day: string) => plannedDay(analytics, day, did);
  const days = await Promise.all([...rewrite.map(planned("rewritten")), ...close.map(planned("closed"))]);
  return days.filter(({ objects, parts }) => objects + parts > 0);
}

async function plannedDay(analytics: Pick<Archive, "list">, day: string, did: PlannedDay["did"]): Promise<PlannedDay> {
  const [objects, parts] = [await liveObjectsOf(analytics, day), await partsOf(analytics, day)];
  return { day, did, ...totalsOf(objects), parts: parts.length };
}
