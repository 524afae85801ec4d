import { createHash, randomUUID } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";

/** A file that is written and safe on the disk, but not yet in its place. */
export interface PreparedFile {
  readonly stats: BigIntStats;
  readonly sha256: string;
  /** Puts the file in its place, over what is there, in one step that a crash cannot halve. */
  moveTo(path: string): Promise<void>;
  /** Deletes the file if it was not moved. */
  discard(): Promise<void>;
}

/**
 * Writes `body` to a new file in the folder `temp` and forces it to the disk.
 *
 * `temp` must be on the file system where the file will end. If writing fails, nothing is left behind.
 */
export async function prepareFile(temp: string, body: Uint8Array | Readable): Promise<PreparedFile> {
  await mkdir(temp, { recursive: true });
  const prepared = join(temp, randomUUID());
  const discard = () => rm(prepared, { force: true });
  try {
    return { ...(await writeAndSync(prepared, body)), moveTo: (path) => moveInto(prepared, path), discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Puts a file with `body` in the place of the one at `path`, whole and durable; `temp` as for `prepareFile`. */
export async function replaceFile(path: string, temp: string, body: Uint8Array): Promise<void> {
  const file = await prepareFile(temp, body);
  try {
    await file.moveTo(path);
  } finally {
    await file.discard();
  }
}

/** Deletes what crashes left in `temp`. Only for whoever is alone with it: what others prepare would go, too. */
export function discardPrepared(temp: string): Promise<void> {
  return rm(temp, { recursive: true, force: true });
}

/** For `.catch`: makes "no such file" an `undefined`, and leaves every other error as it is. */
export function absent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return;
  throw error;
}

async function writeAndSync(path: string, body: Uint8Array | Readable) {
  const hash = createHash("sha256");
  const file = await open(path, "wx");
  try {
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    return { stats: await file.stat({ bigint: true }), sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}

async function moveInto(prepared: string, path: string): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  await rename(prepared, path);
  await syncFolder(folder);
  if (made) await syncFolder(dirname(made));
}

/** Makes the names in a folder durable. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
