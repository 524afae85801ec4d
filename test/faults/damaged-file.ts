import { execFile } from "node:child_process";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Makes whole again what was damaged, if nothing repaired it meanwhile. */
export type Undo = () => Promise<void>;

/**
 * Changes the bytes of a file as a disk does that goes bad: the file keeps its time and its inode, by which the archive
 * recognises it.
 */
export async function changeInPlace(path: string, change: (bytes: Buffer) => Buffer): Promise<Undo> {
  const before = await readFile(path);
  await writeInPlace(path, change(Buffer.from(before)));
  return () => writeInPlace(path, before);
}

/** Takes a file away. */
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
  const times = `${path.replace(/[^/]*$/, "")}.times`;
  // Node writes times as floating point numbers of seconds, and loses the nanoseconds.
  await run("touch", ["-r", path, times]);
  const file = await open(path, "r+");
  await file.truncate(0);
  await file.write(bytes, 0, bytes.length, 0);
  await file.close();
  await run("touch", ["-r", times, path]);
  await rm(times);
}
