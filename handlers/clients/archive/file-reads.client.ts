import { createHash } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { type FileHandle, open, readdir, readFile, stat } from "node:fs/promises";
import { rememberSha256 } from "../../call/digest.ts";
import { absent } from "./atomic-file.client.ts";

/** A file with what is known of it. */
interface ReadFile {
  readonly stats: BigIntStats;
  readonly body: Buffer;
}

/** How files are read. Each result is `undefined` if there is no such file or folder. */
export interface FileReads {
  /** What is in a folder, in no order. */
  folder(path: string): Promise<Dirent[] | undefined> | Dirent[] | undefined;
  stats(path: string): Promise<BigIntStats | undefined> | BigIntStats | undefined;
  text(path: string): Promise<string | undefined> | string | undefined;
  /** The bytes of a file, and the facts of that same file, even if it is replaced meanwhile. */
  file(path: string): Promise<ReadFile | undefined> | ReadFile | undefined;
}

/** Reads beside other work: for a process that answers requests. */
export const concurrentReads: FileReads = {
  folder: (path) => readdir(path, { withFileTypes: true }).catch(absent),
  stats: (path) => stat(path, { bigint: true }).catch(absent),
  text: (path) => readFile(path, "utf8").catch(absent),
  async file(path) {
    const handle = await open(path).catch(absent);
    if (!handle) return undefined;
    try {
      const stats = await handle.stat({ bigint: true });
      return {
        stats,
        body: stats.size > STEP_BYTES ? await largeBody(handle, Number(stats.size)) : await handle.readFile(),
      };
    } finally {
      await handle.close();
    }
  },
};

/** Larger steps take less CPU time than those of Node, of half a megabyte. */
const STEP_BYTES = 4 * 1024 * 1024;

/** The bytes of a large file. Its hash, which processing needs, is computed of each step while the next one is read. */
async function largeBody(handle: FileHandle, size: number): Promise<Buffer> {
  const body = Buffer.allocUnsafeSlow(size);
  const hash = createHash("sha256");
  const step = (from: number) => handle.read(body, from, Math.min(STEP_BYTES, size - from), from);
  let filled = 0;
  for (let read = await step(0); read.bytesRead > 0; ) {
    const from = filled;
    filled += read.bytesRead;
    const next = step(filled);
    hash.update(body.subarray(from, filled));
    read = await next;
  }
  const whole = body.subarray(0, filled);
  rememberSha256(whole, hash.digest("hex"));
  return whole;
}

/**
 * Reads while the process waits: for a command that reads many small files and does nothing else meanwhile. A small
 * file from the system's cache takes a tenth of the CPU time of `concurrentReads`, which passes each step to another
 * thread. From a slow disk or a network mount, one file is read at a time.
 */
export const blockingReads: FileReads = {
  folder: (path) => orAbsent(() => readdirSync(path, { withFileTypes: true })),
  stats: statsNow,
  // Most objects have no metadata, and an exception takes longer than a look.
  text: (path) => (statsNow(path) ? orAbsent(() => readFileSync(path, "utf8")) : undefined),
  file: (path) => orAbsent(() => fileNow(path)),
};

function statsNow(path: string): BigIntStats | undefined {
  return orAbsent(() => statSync(path, { bigint: true, throwIfNoEntry: false }));
}

function fileNow(path: string): ReadFile {
  const descriptor = openSync(path, "r");
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    const body = Buffer.allocUnsafeSlow(Number(stats.size));
    let filled = 0;
    for (let read = 1; read > 0 && filled < body.length; filled += read) {
      read = readSync(descriptor, body, filled, body.length - filled, filled);
    }
    return { stats, body: body.subarray(0, filled) };
  } finally {
    closeSync(descriptor);
  }
}

function orAbsent<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    return absent(error);
  }
}
