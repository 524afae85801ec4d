import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../../handlers/call/digest.ts";
import { isCount, isText, objectOf } from "../../../handlers/call/shape.ts";
import { absent, replaceFile } from "../../../handlers/clients/archive/atomic-file.client.ts";
import { jsonBytes, jsonIn } from "../../../handlers/clients/archive/json-object.ts";

/** How far a reprocessing has come. */
export interface Place {
  /** The last object that was uploaded again, and all before it. */
  readonly after: string;
  /** How many they are. */
  readonly done: number;
}

/** Where it is noted how far a reprocessing has come, so that the same command can go on. */
export interface Bookmark {
  /** What is noted, or `undefined`. A note that is damaged is none: what is done again does no harm. */
  place(): Promise<Place | undefined>;
  save(place: Place): Promise<void>;
  remove(): Promise<void>;
}

/** Where bookmarks are kept in an archive's folder. */
const BOOKMARKS = "reprocess";

const isPlace = objectOf<Place>({ after: isText, done: isCount });

/** The bookmark of the one reprocessing that `identity` describes, in `{folder}/reprocess`. */
export function folderBookmark(folder: string, identity: unknown): Bookmark {
  const path = join(folder, BOOKMARKS, `${sha256(Buffer.from(JSON.stringify(identity))).slice(0, 16)}.json`);
  return {
    async place() {
      const found = await readFile(path).catch(absent);
      return found && jsonIn(found, isPlace);
    },
    // Not in the folder's own `tmp`, which an archive that starts meanwhile empties.
    save: (place) => replaceFile(path, join(folder, BOOKMARKS), jsonBytes(place)),
    remove: () => rm(path, { force: true }),
  };
}

/** The files of bookmarks in `folder` that are damaged, as paths below it. */
export async function damagedBookmarks(folder: string): Promise<string[]> {
  const names = (await readdir(join(folder, BOOKMARKS)).catch(absent)) ?? [];
  const damaged: string[] = [];
  for (const name of names.filter((each) => each.endsWith(".json")).sort()) {
    const found = await readFile(join(folder, BOOKMARKS, name)).catch(absent);
    if (found && !jsonIn(found, isPlace)) damaged.push(`${BOOKMARKS}/${name}`);
  }
  return damaged;
}
