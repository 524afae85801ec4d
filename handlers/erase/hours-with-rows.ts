import pMap from "p-map";
import { TABLES } from "../../queries/tables/all.ts";
import { dayFolder, FIRST_DAY, HOUR, liveKey } from "../../queries/tables/table.ts";
import { type Archive, REQUESTS_AT_ONCE } from "../clients/archive/archive.ts";
import { daysWithObjects } from "../compact/live-objects.ts";

/** Later than each day. */
const LAST_DAY = "9999-12-31";

/**
 * The hours under which a conversation has rows, in order; a day for rows that are in no hour. It looks into each hour
 * of each table: an index has the same hours for one request.
 */
export async function hoursWithRows(
  conversation: string,
  analytics: Pick<Archive, "head" | "folders">,
): Promise<string[]> {
  const days = await daysWithObjects(analytics, FIRST_DAY, LAST_DAY);
  const inTables = days.flatMap((day) => TABLES.map(({ name }) => ({ table: name, day })));
  const places = await pMap(inTables, (each) => placesIn(each, analytics), { concurrency: REQUESTS_AT_ONCE });
  const found = await pMap(
    places.flat(),
    async ({ table, hour }) => ((await analytics.head(liveKey(table, hour, conversation))) ? [hour] : []),
    { concurrency: REQUESTS_AT_ONCE },
  );
  return [...new Set(found.flat())].sort();
}

/** Each hour of a day that has rows of a table, and the day. */
async function placesIn(
  { table, day }: { readonly table: string; readonly day: string },
  analytics: Pick<Archive, "folders">,
) {
  const start = `${dayFolder(table, "live", day)}${HOUR.name}=`;
  const folders = await Array.fromAsync(analytics.folders(start));
  const hours = folders.map((folder) => `${day}/${folder.slice(start.length, -1)}`);
  return [day, ...hours].map((hour) => ({ table, hour }));
}
