import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../../handlers/call/digest.ts";
import { isCount, isText, objectOf } from "../../../handlers/call/shape.ts";
import { absent, replaceFile } from "../../../handlers/clients/archive/atomic-file.client.ts";
import { jsonBytes, jsonIn } from "../../../handlers/clients/archive/json-object.ts";

/** The progress of a reprocessing or a backfill. */
export interface Place {
  /** The last object that was re-put; all before it were, too. In a backfill, the last day that is done. */
  readonly after: string;
  /** The number of objects that are done. */
  readonly done: number;
}

/** Stores the progress of a command, so that the same command can continue after a stop. */
export interface Bookmark {
  /** The stored progress, or `undefined`. A damaged bookmark counts as none: to repeat work does no harm. */
  place(): Promise<Place | undefined>;
  save(place: Place): Promise<void>;
  remove(): Promise<void>;
}

/** The folder of bookmarks in an archive's folder. */
const BOOKMARKS = "reprocess";

const isPlace = objectOf<Place>({ after: isText, done: isCount });

/** The bookmark in `{folder}/reprocess` of the command that `identity` describes. */
export function folderBookmark(folder: string, identity: unknown): Bookmark {
  const path = join(folder, BOOKMARKS, `${sha256(Buffer.from(JSON.stringify(identity))).slice(0, 16)}.json`);
  return {
    async place() {
      const found = await readFile(path).catch(absent);
      return found && jsonIn(found, isPlace);
    },
    // Not in the archive's `tmp`: an archive that starts meanwhile empties it.
    save: (place) => replaceFile(path, join(folder, BOOKMARKS), jsonBytes(place)),
    remove: () => rm(path, { force: true }),
  };
}

/** Returns the damaged bookmark files in `folder`, as paths below it. */
export async function damagedBookmarks(folder: string): Promise<string[]> {
  const names = (await readdir(join(folder, BOOKMARKS)).catch(absent)) ?? [];
  const damaged: string[] = [];
  for (const name of names.filter((each) => each.endsWith(".json")).sort()) {
    const found = await readFile(join(folder, BOOKMARKS, name)).catch(absent);
    if (found && !jsonIn(found, isPlace)) damaged.push(`${BOOKMARKS}/${name}`);
  }
  return damaged;
}
