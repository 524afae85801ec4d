import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../handlers/call/digest.ts";
import { at, number, text } from "../../handlers/call/json.ts";
import { absent, replaceFile } from "../../handlers/clients/atomic-file.client.ts";

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
  note(place: Place): Promise<void>;
  remove(): Promise<void>;
}

/** The bookmark of the one reprocessing that `identity` describes, in `{folder}/reprocess`. */
export function folderBookmark(folder: string, identity: unknown): Bookmark {
  const path = join(folder, "reprocess", `${sha256(Buffer.from(JSON.stringify(identity))).slice(0, 16)}.json`);
  return {
    async place() {
      const found = await readFile(path, "utf8").catch(absent);
      return found === undefined ? undefined : placeIn(found);
    },
    // Not in the folder's own `tmp`, which an archive that starts meanwhile empties.
    note: (place) => replaceFile(path, join(folder, "reprocess"), Buffer.from(`${JSON.stringify(place)}\n`)),
    remove: () => rm(path, { force: true }),
  };
}

function placeIn(note: string): Place | undefined {
  try {
    const found: unknown = JSON.parse(note);
    const [after, done] = [text(at(found, "after")), number(at(found, "done"))];
    return after === null || done === null ? undefined : { after, done };
  } catch {
    return undefined;
  }
}
