import { truncateSync } from "node:fs";
import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";

/** A lock that this process holds. The operating system releases it when the process ends, however it ends. */
export interface FileLock {
  release(): void;
}

/** The file cannot be locked at all, by any process that runs as this one does. */
export class NotLockable extends Error {
  override readonly name = "NotLockable";

  constructor(path: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${path} cannot be locked (${reason}): it must be a file that can be written, on a file system with locks`, {
      cause,
    });
  }
}

/** What SQLite answers where another process holds the lock, and where the file is no database (sqlite.org/rescode.html). */
const [BUSY, NOT_A_DATABASE] = [5, 26];

/** Every lock that is held, by its path. A connection that nobody refers to is closed by the garbage collector. */
const held = new Map<string, DatabaseSync>();

/**
 * Takes the lock on the file at `path`, and creates the file if there is none. Returns `undefined` while a process,
 * this one or another, holds the lock. Does not wait.
 *
 * The lock is SQLite's own lock of a writer: a transaction that is begun and never ends, so nothing of it is written. SQLite takes it
 * with `fcntl` or `LockFileEx`, so of many processes one gets it, and no child inherits it. The file stays empty.
 *
 * With `fcntl`, a process loses its locks on a file when it closes that file. So a process that holds the lock must not
 * open the file by other means. Never delete the file: a process that creates it again locks another file.
 *
 * @throws NotLockable
 */
export function takeFileLock(path: string): FileLock | undefined {
  if (held.has(resolve(path))) return undefined;
  try {
    return openAndLock(path);
  } catch (error) {
    if (codeOf(error) === BUSY) return undefined;
    if (codeOf(error) !== NOT_A_DATABASE) throw new NotLockable(path, error);
  }
  // Something wrote to the file. It stays the same file, so a process that holds the lock keeps it.
  truncateSync(path);
  try {
    return openAndLock(path);
  } catch (error) {
    if (codeOf(error) === BUSY) return undefined;
    throw new NotLockable(path, error);
  }
}

function openAndLock(path: string): FileLock {
  const { DatabaseSync } = sqlite();
  const connection = new DatabaseSync(path, { timeout: 0 });
  try {
    // With a journal in memory, a process that is killed leaves none behind. Where the file may only be read, SQLite begins
    // without a lock, and says so when something is to change. That change stays in memory.
    connection.exec("pragma journal_mode = memory; begin immediate; pragma user_version = 1");
  } catch (error) {
    connection.close();
    throw error;
  }
  const key = resolve(path);
  held.set(key, connection);
  return {
    release() {
      if (held.get(key) !== connection) return;
      held.delete(key);
      connection.close();
    },
  };
}

/**
 * Node's SQLite. Loading it prints a warning that it is experimental (Node 24, 2026-11), which would stand in the output
 * of every command. Only warnings of the loading itself are left out: nothing else runs meanwhile.
 */
function sqlite() {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The primary result code of an error of SQLite. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined;
  return error.errcode & 0xff;
}
