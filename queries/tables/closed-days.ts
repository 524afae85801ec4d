import { FIRST_DAY, PARTITION } from "./table.ts";

/** The object, in the analytics bucket or folder, that says which days are closed. The compactor writes it. */
export const STATE_KEY = "compaction/state.json";

/** What the keys of dirty marks begin with; the day follows, and a slash. Each says that rows of a past day changed. */
export const DIRTY_FOLDER = `compaction/dirty/${PARTITION.name}=`;

/**
 * The first day that is read from `live/`, by what stands at `STATE_KEY`; all of them if nothing can be read there.
 *
 * Every day before it is complete in `days/`.
 */
export function firstLiveDayIn(state: Uint8Array | undefined): string {
  try {
    const { first_live_day: day }: Record<string, unknown> = JSON.parse(Buffer.from(state ?? []).toString());
    return typeof day === "string" && /^\d{4}-\d\d-\d\d$/.test(day) ? day : FIRST_DAY;
  } catch {
    return FIRST_DAY;
  }
}
