import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ClosedDays, isLive } from "../tables/closed-days.ts";
import { dayFolder, HOUR, hourFolder, PARTITION, type Table } from "../tables/table.ts";
import { absent } from "./absent.ts";
import { partitionValues } from "./partition-values.client.ts";

/** The live files of one hour, by path. A file that was replaced has another version. */
type FileVersions = ReadonlyMap<string, string>;

/** The listing of one folder, and the time of its last change when it was listed. */
interface Listing {
  readonly changed: bigint;
  readonly isSettled: boolean;
  readonly files: FileVersions;
}

/**
 * A file system may give two changes within this time the same time. So a listing is used again only if it began this
 * long after the last change of the folder.
 */
const SETTLED_MS = 2_000;

/** How many files are examined at once. */
const AT_ONCE = 64;

/**
 * Lists the live files of tables in `analyticsDir`.
 *
 * The archive writes a file under another name and renames it, so each change of a file changes its folder, too. A
 * folder that did not change since an earlier listing is not read again.
 */
export function liveFiles(analyticsDir: string) {
  const listings = new Map<string, Listing>();

  async function filesIn(folder: string): Promise<FileVersions> {
    const began = BigInt(Date.now() - SETTLED_MS) * 1_000_000n;
    const changed = (await stat(join(analyticsDir, folder), { bigint: true }).catch(absent))?.mtimeNs;
    if (changed === undefined) return new Map();
    const known = listings.get(folder);
    if (known?.isSettled && known.changed === changed) return known.files;
    const files = await versionsIn(folder);
    listings.set(folder, { changed, isSettled: changed < began, files });
    return files;
  }

  async function versionsIn(folder: string): Promise<FileVersions> {
    const names = ((await readdir(join(analyticsDir, folder)).catch(absent)) ?? []).filter((name) =>
      name.endsWith(".parquet"),
    );
    const versions = new Map<string, string>();
    for (let n = 0; n < names.length; n += AT_ONCE) {
      await Promise.all(
        names.slice(n, n + AT_ONCE).map(async (name) => {
          const found = await stat(join(analyticsDir, folder, name), { bigint: true }).catch(absent);
          if (found) versions.set(`${folder}${name}`, `${found.mtimeNs} ${found.size} ${found.ino}`);
        }),
      );
    }
    return versions;
  }

  return {
    /** The files of each live hour of `table`, as paths below the folder. A day has files that are in no hour. */
    async of(table: Table, closed: ClosedDays): Promise<ReadonlyMap<string, FileVersions>> {
      const found = new Map<string, FileVersions>();
      for (const day of await partitionValues(PARTITION.name, join(analyticsDir, "live", table.name))) {
        const ofDay = await partitionValues(HOUR.name, join(analyticsDir, dayFolder(table.name, "live", day)));
        for (const hour of [day, ...ofDay.map((each) => `${day}/${each}`)]) {
          const folder = hourFolder(table.name, hour);
          if (isLive(hour, closed)) found.set(hour, await filesIn(folder));
          else listings.delete(folder);
        }
      }
      return found;
    },
  };
}
