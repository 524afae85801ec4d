import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { absent, replaceFile } from "../../handlers/clients/atomic-file.client.ts";

/** An object that was given up on, and why. */
export interface DeadLetter {
  readonly key: string;
  readonly reason: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly given_up_at: string;
}

/** The objects that were given up on, one file each, until they are processed after all. */
export interface DeadLetters {
  add(letter: DeadLetter): Promise<void>;
  remove(key: string): Promise<void>;
  readonly count: number;
}

/** Dead letters in `{root}/dead-letters`, under the keys of their objects. */
export async function folderDeadLetters(root: string): Promise<DeadLetters> {
  const folder = join(root, "dead-letters");
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent);
  const paths = new Set((files ?? []).filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name)));

  return {
    async add(letter) {
      const path = join(folder, letter.key);
      await replaceFile(path, join(root, "tmp"), Buffer.from(`${JSON.stringify(letter, null, 2)}\n`));
      paths.add(path);
    },
    async remove(key) {
      const path = join(folder, key);
      if (paths.delete(path)) await rm(path, { force: true });
    },
    get count() {
      return paths.size;
    },
  };
}
