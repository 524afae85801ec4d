import { existsSync, readdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isCount, isMoment, isText, objectOf } from "../../handlers/call/shape.ts";
import { absent, replaceFile } from "../../handlers/clients/archive/atomic-file.client.ts";
import { jsonBytes, jsonIn } from "../../handlers/clients/archive/json-object.ts";
import { fileOfKey, keyOfFile } from "../../handlers/clients/archive/key-path.ts";

/** An object that was dead-lettered, and the reason. */
interface DeadLetter {
  readonly key: string;
  readonly reason: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly given_up_at: string;
}

/** A dead letter that was read from its file. If the file is damaged, only the key is known, from the file's name. */
export type FoundLetter = Pick<DeadLetter, "key"> & {
  readonly [Name in Exclude<keyof DeadLetter, "key">]: DeadLetter[Name] | null;
};

/** The dead letters of a folder. Each is a file, which is removed when the object is processed after all. */
export interface DeadLetters {
  add(letter: DeadLetter): Promise<void>;
  /** Removes the dead letter of the object at `key`, if there is one. */
  remove(key: string): Promise<void>;
  /** How many are in the folder now, including changes by other processes. */
  readonly count: number;
  /** Returns all of them, in the order of their keys. */
  list(): Promise<readonly FoundLetter[]>;
}

/** Dead letters in `{root}/dead-letters`, under the keys of their objects. */
export function folderDeadLetters(root: string): DeadLetters {
  const folder = join(root, "dead-letters");
  return {
    async add(letter) {
      await replaceFile(fileOfKey(folder, letter.key), join(root, "tmp"), jsonBytes(letter, 2));
    },
    async remove(key) {
      const path = fileOfKey(folder, key);
      // Recovery asks for each object, and almost none has a dead letter.
      if (existsSync(path)) await rm(path, { force: true });
    },
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
