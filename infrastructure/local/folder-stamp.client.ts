import { mkdir, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";

const NAME = "stamp";

/**
 * Whether `root` is a copy of a folder, or may be one: what no archive has stamped, and what has another stamp than its
 * own. Copying gives each file another inode, and many ways of copying another time; the stamp names both of itself, and
 * the inode of `archive/`, which a restore makes again.
 */
export async function isCopy(root: string): Promise<boolean> {
  const text = await readFile(join(root, NAME), "utf8").catch(absent);
  return text === undefined || text !== (await stampOf(root, join(root, NAME)));
}

/** Stamps `root`: from now on it is the folder itself, and a file with another time was touched by a person. */
export async function stampFolder(root: string): Promise<void> {
  await mkdir(join(root, "archive"), { recursive: true });
  const [path, prepared] = [join(root, NAME), join(root, `${NAME}.new`)];
  const now = new Date();
  await writeFile(prepared, "");
  await utimes(prepared, now, now);
  await writeFile(prepared, await stampOf(root, prepared));
  await utimes(prepared, now, now);
  await rename(prepared, path);
}

/** What is in the stamp of `root` if the file at `path` is it. */
async function stampOf(root: string, path: string): Promise<string> {
  const [{ ino, mtimeNs }, archive] = await Promise.all([
    stat(path, { bigint: true }),
    stat(join(root, "archive"), { bigint: true }).catch(absent),
  ]);
  return JSON.stringify({ inode: String(ino), mtime: String(mtimeNs), archive: archive && String(archive.ino) });
}
