import { createHash, randomUUID } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { link, mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { systemClock } from "../clock.ts";
import { releaseChunk } from "../release.ts";
import { pauseBefore, withRetries } from "../retry-policy.ts";
import type { PutOptions } from "./archive.ts";

/** A file that is written and forced to the disk, but not yet in its place. */
export interface PreparedFile {
  readonly stats: BigIntStats;
  readonly sha256: string;
  /** Sets the file's time just after `mtimeNs`, unless it is later already. Returns the file's stats. */
  datedAfter(mtimeNs: bigint): Promise<BigIntStats>;
  /** Moves the file to `path` atomically, and replaces what is there. */
  moveTo(path: string): Promise<void>;
  /**
   * Moves the file to `path` only if nothing is there, and returns whether it did. Of concurrent calls, in any process,
   * one succeeds.
   */
  claim(path: string): Promise<boolean>;
  /** Deletes the file if it was not moved. */
  discard(): Promise<void>;
}

/** What the caller knows of a body: see `PutOptions`. */
type WriteOptions = Pick<PutOptions, "sha256" | "hasOwnChunks">;

/**
 * Writes `body` to a new file in the folder `temp` and forces it to the disk.
 *
 * `temp` must be on the file system of the final path. If writing fails, no file is left behind. The hash of `body` is
 * computed unless the caller passes it.
 */
export async function prepareFile(
  temp: string,
  body: Uint8Array | Readable,
  options: WriteOptions = {},
): Promise<PreparedFile> {
  await mkdir(temp, { recursive: true });
  const prepared = join(temp, randomUUID());
  const discard = () => rm(prepared, { force: true });
  try {
    const written = await writeAndSync(prepared, body, options);
    return {
      ...written,
      datedAfter: async (mtimeNs) =>
        isLater(written.stats, mtimeNs) ? written.stats : setTimestamp(prepared, mtimeNs),
      moveTo: (path) => moveInto(path, () => renameWhenFree(prepared, path)),
      claim: (path) => moveInto(path, () => linkIfAbsent(prepared, path)),
      discard,
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Replaces the file at `path` by one with `body`, atomically and durably; `temp` as for `prepareFile`. */
export async function replaceFile(path: string, temp: string, body: Uint8Array): Promise<void> {
  const file = await prepareFile(temp, body);
  try {
    await file.moveTo(path);
  } finally {
    await file.discard();
  }
}

/**
 * Deletes what crashes left in `temp`. Call it only in a process that is alone with `temp`: it deletes all files there.
 */
export function discardPrepared(temp: string): Promise<void> {
  return rm(temp, { recursive: true, force: true });
}

/** For `.catch`: turns "no such file" into `undefined`, and throws every other error. */
export function absent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return;
  throw error;
}

async function writeAndSync(path: string, body: Uint8Array | Readable, { sha256, hasOwnChunks }: WriteOptions) {
  const hash = sha256 === undefined ? createHash("sha256") : undefined;
  const file = await open(path, "wx");
  try {
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      hash?.update(chunk);
      await file.writeFile(chunk);
      if (hasOwnChunks && chunk !== body) releaseChunk(chunk);
    }
    await file.sync();
    return { stats: await file.stat({ bigint: true }), sha256: sha256 ?? hash?.digest("hex") ?? "" };
  } finally {
    await file.close();
  }
}

/** One second. A file that is dated further ahead was dated by a person, not by another put of this moment. */
const SAME_MOMENT_NS = 1_000_000_000n;

function isLater({ mtimeNs: mine }: BigIntStats, other: bigint): boolean {
  return mine > other || other - mine > SAME_MOMENT_NS;
}

/** Sets the time of the file at `path` to now, or just after `mtimeNs` if now is not later. Returns its facts. */
export async function touch(path: string, mtimeNs: bigint): Promise<BigIntStats> {
  const now = new Date();
  await utimes(path, now, now);
  const touched = await stat(path, { bigint: true });
  return isLater(touched, mtimeNs) ? touched : setTimestamp(path, mtimeNs);
}

/**
 * Sets the file's time just after `mtimeNs`. The clock that dates files advances only every few milliseconds, so two
 * puts in a row may get the same time. Some file systems store whole seconds.
 */
async function setTimestamp(path: string, mtimeNs: bigint): Promise<BigIntStats> {
  const file = await open(path, "r+");
  // Rounded up: Node writes times as fractions of a second, and some end just before their millisecond.
  const mtimeMs = Number((mtimeNs + 999_999n) / 1_000_000n);
  try {
    for (const laterMs of [1, 2_000]) {
      const after = new Date(mtimeMs + laterMs);
      await file.utimes(after, after);
      if ((await file.stat({ bigint: true })).mtimeNs > mtimeNs) break;
    }
    await file.sync();
    return await file.stat({ bigint: true });
  } finally {
    await file.close();
  }
}

/** Creates the folder of `path`, runs `place`, and forces the changed folders to the disk. */
async function moveInto<Result>(path: string, place: () => Promise<Result>): Promise<Result> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  const placed = await place();
  await syncFolder(folder);
  for (let above = folder; made && above.startsWith(made); ) {
    above = dirname(above);
    await syncFolder(above);
  }
  return placed;
}

/**
 * Renames, with retries on Windows. Windows refuses to replace a file while another program, such as a search index or
 * a virus scanner, has it open. On other systems these errors are final.
 */
function renameWhenFree(prepared: string, path: string): Promise<void> {
  return withRetries(() => rename(prepared, path), {
    clock: systemClock,
    pauseAfter: (error, retry) =>
      isHeldOpen(error, process.platform) && retry < 8 ? pauseBefore(retry, HELD_OPEN) : undefined,
  });
}

/** Eight pauses, two seconds in total. */
const HELD_OPEN = { firstMs: 10, longestMs: 500 };

/** Whether `error` comes from a rename over a file that another program has open, on `system`. */
export function isHeldOpen(error: unknown, system: NodeJS.Platform): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return system === "win32" && (code === "EPERM" || code === "EACCES" || code === "EBUSY");
}

/** Puts the file at `path` only if nothing is there: a link fails where a rename would replace. */
async function linkIfAbsent(prepared: string, path: string): Promise<boolean> {
  try {
    await link(prepared, path);
    return true;
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (isThere && (await stat(path).catch(absent))?.isFile()) return false;
    throw error;
  }
}

/** Forces the names in a folder to the disk. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
