import type { Archive } from "../clients/archive.ts";
import { liveObjectsOf, partsOf } from "./live-objects.ts";
import { type PendingDay, pendingDays } from "./pending-days.ts";
import { readState } from "./state.ts";

/** A day that would be compacted, and what there is of it. */
export interface PlannedDay extends PendingDay {
  readonly conversations: number;
  /** Live objects, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  readonly parts: number;
}

/** What `compact` would do now; nothing is written. */
export async function plannedDays(
  analytics: Pick<Archive, "get" | "list" | "folders">,
  now: Date,
  closeAfterHours: number,
  only?: string,
): Promise<PlannedDay[]> {
  const { state } = await readState(analytics);
  const { days } = await pendingDays(analytics, state, now, closeAfterHours, only);
  return Promise.all(
    days.map(async (pending) => {
      const objects = await liveObjectsOf(analytics, pending.day);
      return {
        ...pending,
        conversations: objects.filter(({ table }) => table.name === "conversations").length,
        objects: objects.length,
        bytes: objects.reduce((sum, { size }) => sum + size, 0),
        parts: (await partsOf(analytics, pending.day)).length,
      };
    }),
  );
}
