import { mkdir, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";

const NAME = "stamp";

/**
 * Whether `root` is, or may be, a copy of another folder: it has no stamp, or one that does not match.
 *
 * The stamp contains its own inode and time, and the inode of `archive/`. Copying gives each file a new inode, and
 * often a new time. A restore creates `archive/` again.
 */
export async function isCopy(root: string): Promise<boolean> {
  const text = await readFile(join(root, NAME), "utf8").catch(absent);
  return text === undefined || text !== (await stampOf(root, join(root, NAME)));
}

/** Stamps `root`. From then on it is no copy, and a file with a new time counts as an upload. */
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

/** The content of the stamp of `root`, if the stamp is the file at `path`. */
async function stampOf(root: string, path: string): Promise<string> {
  const [{ ino, mtimeNs }, archive] = await Promise.all([
    stat(path, { bigint: true }),
    stat(join(root, "archive"), { bigint: true }).catch(absent),
  ]);
  return JSON.stringify({ inode: String(ino), mtime: String(mtimeNs), archive: archive && String(archive.ino) });
}
