import { readdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { at, number, text } from "../../handlers/call/json.ts";
import { absent, replaceFile } from "../../handlers/clients/atomic-file.client.ts";

/** An object that was given up on, and why. */
export interface DeadLetter {
  readonly key: string;
  readonly reason: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly given_up_at: string;
}

/** A dead letter as it is found. Whoever looks into the folder may have changed it. */
export type FoundLetter = Pick<DeadLetter, "key"> & {
  readonly [Name in Exclude<keyof DeadLetter, "key">]: DeadLetter[Name] | null;
};

/** The objects that were given up on, one file each, until they are processed after all. */
export interface DeadLetters {
  add(letter: DeadLetter): Promise<void>;
  /** Forgets the object at `key`. One that was not given up on is no error. */
  remove(key: string): Promise<void>;
  /** As many as there are in the folder now, whoever put or removed them. */
  readonly count: number;
  /** All of them, in the order of their keys. What a damaged one does not say is `null`. */
  list(): Promise<readonly FoundLetter[]>;
}

/** Dead letters in `{root}/dead-letters`, under the keys of their objects. */
export function folderDeadLetters(root: string): DeadLetters {
  const folder = join(root, "dead-letters");
  return {
    add(letter) {
      return replaceFile(
        join(folder, letter.key),
        join(root, "tmp"),
        Buffer.from(`${JSON.stringify(letter, null, 2)}\n`),
      );
    },
    remove: (key) => rm(join(folder, key), { force: true }),
    get count() {
      return pathsIn(folder).length;
    },
    async list() {
      const letters: FoundLetter[] = [];
      for (const path of pathsIn(folder).sort()) {
        const file = await readFile(path, "utf8").catch(absent);
        if (file !== undefined) letters.push({ key: relative(folder, path).replaceAll(sep, "/"), ...letterIn(file) });
      }
      return letters;
    },
  };
}

function pathsIn(folder: string): string[] {
  try {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true });
    return found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  } catch (error) {
    return absent(error) ?? [];
  }
}

function letterIn(file: string): Omit<FoundLetter, "key"> {
  const found = parsed(file);
  return {
    reason: text(at(found, "reason")),
    attempts: number(at(found, "attempts")),
    given_up_at: text(at(found, "given_up_at")),
  };
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(file);
  } catch {
    return undefined;
  }
}
