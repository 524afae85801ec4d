import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { copyTime } from "../support/fixtures/copies.ts";

/** Restores a damaged file, unless it was repaired meanwhile. */
export type Undo = () => Promise<void>;

/**
 * Changes the bytes of a file as a failing disk does: the file keeps its time and its inode, by which the archive
 * recognises it.
 */
export async function changeInPlace(path: string, change: (bytes: Buffer) => Buffer): Promise<Undo> {
  const before = await readFile(path);
  await writeInPlace(path, change(Buffer.from(before)));
  return () => writeInPlace(path, before);
}

/** Removes a file. */
export async function removeFile(path: string): Promise<Undo> {
  const backup = join(tmpdir(), `call-archive-aside-${process.pid}`);
  await rename(path, backup);
  return async () => {
    const isBack = await stat(path).then(
      () => true,
      () => false,
    );
    await (isBack ? rm(backup) : rename(backup, path));
  };
}

async function writeInPlace(path: string, bytes: Buffer): Promise<void> {
  const times = join(dirname(path), ".times");
  await writeFile(times, "");
  await copyTime(path, times);
  const file = await open(path, "r+");
  await file.truncate(0);
  await file.write(bytes, 0, bytes.length, 0);
  await file.close();
  await copyTime(times, path);
  await rm(times);
}
