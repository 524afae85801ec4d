import { readdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isCount, isMoment, isText, objectOf } from "../../handlers/call/shape.ts";
import { absent, replaceFile } from "../../handlers/clients/archive/atomic-file.client.ts";
import { jsonBytes, jsonIn } from "../../handlers/clients/archive/json-object.ts";
import { fileOfKey, keyOfFile } from "../../handlers/clients/archive/key-path.ts";

/** An object that was dead-lettered, and why. */
interface DeadLetter {
  readonly key: string;
  readonly reason: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly given_up_at: string;
}

/** A dead letter as it is found. Of a damaged one only the key is known, the name of its file; the rest is `null`. */
export type FoundLetter = Pick<DeadLetter, "key"> & {
  readonly [Name in Exclude<keyof DeadLetter, "key">]: DeadLetter[Name] | null;
};

/** The objects that were dead-lettered, one file each, until they are processed after all. */
export interface DeadLetters {
  add(letter: DeadLetter): Promise<void>;
  /** Forgets the object at `key`. One that was not dead-lettered is no error. */
  remove(key: string): Promise<void>;
  /** As many as there are in the folder now, whoever put or removed them. */
  readonly count: number;
  /** All of them, in the order of their keys. */
  list(): Promise<readonly FoundLetter[]>;
}

/** Dead letters in `{root}/dead-letters`, under the keys of their objects. */
export function folderDeadLetters(root: string): DeadLetters {
  const folder = join(root, "dead-letters");
  return {
    add(letter) {
      return replaceFile(fileOfKey(folder, letter.key), join(root, "tmp"), jsonBytes(letter, 2));
    },
    remove: (key) => rm(fileOfKey(folder, key), { force: true }),
    get count() {
      return pathsIn(folder).length;
    },
    async list() {
      const letters: FoundLetter[] = [];
      for (const path of pathsIn(folder).sort()) {
        const file = await readFile(path).catch(absent);
        if (file !== undefined) letters.push({ key: keyOfFile(folder, path), ...letterIn(file) });
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

function letterIn(file: Uint8Array): Omit<FoundLetter, "key"> {
  const { reason = null, attempts = null, given_up_at = null } = jsonIn(file, isLetter) ?? {};
  return { reason, attempts, given_up_at };
}

const isLetter = objectOf<DeadLetter>({ key: isText, reason: isText, attempts: isCount, given_up_at: isMoment });
