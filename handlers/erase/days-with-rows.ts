import pMap from "p-map";
import { TABLES } from "../../queries/tables/all.ts";
import { FIRST_DAY, liveKey } from "../../queries/tables/table.ts";
import { type Archive, REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { daysWithObjects } from "../compact/live-objects.ts";

/** Later than each day. */
const LAST_DAY = "9999-12-31";

/**
 * The days under which a conversation has rows, in order. It looks into each day of each table: an index has the same
 * days for one request.
 */
export async function daysWithRows(
  conversation: string,
  analytics: Pick<Archive, "head" | "folders">,
): Promise<string[]> {
  const days = await daysWithObjects(analytics, FIRST_DAY, LAST_DAY);
  const places = days.flatMap((day) => TABLES.map(({ name }) => ({ day, key: liveKey(name, day, conversation) })));
  const found = await pMap(places, async ({ day, key }) => ((await analytics.head(key)) ? [day] : []), {
    concurrency: REQUESTS_AT_ONCE,
  });
  return [...new Set(found.flat())];
}
