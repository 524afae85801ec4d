import { existsSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { type ClosedDays, isLive, NOTHING_CLOSED } from "../tables/closed-days.ts";
import { dayFolder, HOUR, hourFolder, PACK, PARTITION, SIDES, type Side, type Table } from "../tables/table.ts";
import { isUtcDate, isUtcHour } from "../tables/utc-date.ts";
import { partitionValues } from "./partition-values.client.ts";

/**
 * The globs of each side of a table that match a file, relative to the analytics folder. They match every file that is
 * read while these days are closed and these hours packed.
 *
 * DuckDB lists all files that a glob matches before it skips any, and live objects stay when their day is closed. So the
 * globs of the live side name the days and hours that are live (measured on 10,000 live objects of packed hours beside
 * 833 live ones: 61 ms instead of 224 for a count, 2026-11).
 */
export async function globsWithFiles(
  table: Table,
  analyticsDir: string,
  closed: ClosedDays,
): Promise<Record<Side, string[]>> {
  const present: Record<Side, string[]> = { days: [], hours: [], live: [] };
  for (const side of SIDES) {
    // Most tables of a small archive have no file, and a glob is slower to detect that.
    if (!existsSync(join(analyticsDir, side, table.name))) continue;
    for (const files of await globsOf(table, side, analyticsDir, closed)) {
      for await (const _ of glob(files, { cwd: analyticsDir })) {
        present[side].push(files);
        break;
      }
    }
  }
  return present;
}

async function globsOf(table: Table, side: Side, analyticsDir: string, closed: ClosedDays): Promise<string[]> {
  const { name } = table;
  if (side === "days") return [`${dayFolder(name, side, "*")}*.parquet`];
  if (side === "hours") return [`${dayFolder(name, side, "*")}${PACK.name}=*/*.parquet`];
  if (closed.firstLiveDay === NOTHING_CLOSED.firstLiveDay) return liveGlobs(name, "*");
  const days = await partitionValues(PARTITION.name, join(analyticsDir, "live", name));
  const globs = days.filter(isUtcDate).map(async (day) => {
    if (!isLive(day, closed)) return [];
    if (closed.packs[day] === undefined) return liveGlobs(name, day);
    const ofDay = await partitionValues(HOUR.name, join(analyticsDir, dayFolder(name, "live", day)));
    const hours = ofDay.map((hour) => `${day}/${hour}`).filter((hour) => isUtcHour(hour) && isLive(hour, closed));
    return [day, ...hours].map((hour) => `${hourFolder(name, hour)}*.parquet`);
  });
  return (await Promise.all(globs)).flat();
}

/** Before 2026-12 the live objects of a day were in no hour. */
function liveGlobs(table: string, day: string): string[] {
  const ofDay = dayFolder(table, "live", day);
  return [`${ofDay}${HOUR.name}=*/*.parquet`, `${ofDay}*.parquet`];
}
