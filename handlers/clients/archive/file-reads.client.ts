import { type BigIntStats, closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { absent } from "./atomic-file.client.ts";

/** A file with what is known of it. */
interface ReadFile {
  readonly stats: BigIntStats;
  readonly body: Buffer;
}

/** How files are read. Each result is `undefined` if there is no such file. */
export interface FileReads {
  stats(path: string): Promise<BigIntStats | undefined> | BigIntStats | undefined;
  text(path: string): Promise<string | undefined> | string | undefined;
  /** The bytes of a file, and the facts of that same file, even if it is replaced meanwhile. */
  file(path: string): Promise<ReadFile | undefined> | ReadFile | undefined;
}

/** Reads beside other work: for a process that answers requests. */
export const concurrentReads: FileReads = {
  stats: (path) => stat(path, { bigint: true }).catch(absent),
  text: (path) => readFile(path, "utf8").catch(absent),
  async file(path) {
    const handle = await open(path).catch(absent);
    if (!handle) return undefined;
    try {
      return { stats: await handle.stat({ bigint: true }), body: await handle.readFile() };
    } finally {
      await handle.close();
    }
  },
};

/**
 * Reads while the process waits: for a command that reads many small files and does nothing else meanwhile. A small
 * file from the system's cache takes a tenth of the CPU time of `concurrentReads`, which passes each step to another
 * thread. From a slow disk or a network mount, one file is read at a time.
 */
export const blockingReads: FileReads = {
  stats: statsNow,
  // Most of the missing files are expected to be missing, and an exception takes longer than a look.
  text: (path) => (statsNow(path) ? orAbsent(() => readFileSync(path, "utf8")) : undefined),
  file: (path) => (statsNow(path) ? orAbsent(() => fileNow(path)) : undefined),
};

function statsNow(path: string): BigIntStats | undefined {
  return orAbsent(() => statSync(path, { bigint: true, throwIfNoEntry: false }));
}

function fileNow(path: string): ReadFile {
  const descriptor = openSync(path, "r");
  try {
    return { stats: fstatSync(descriptor, { bigint: true }), body: readFileSync(descriptor) };
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
