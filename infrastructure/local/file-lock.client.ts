import { truncateSync } from "node:fs";
import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";

/** A lock that this process holds. The operating system releases it when the process ends, even by a kill. */
export interface FileLock {
  release(): void;
}

/** The file cannot be locked: it is not writable for this user, or its file system has no locks. */
export class NotLockable extends Error {
  override readonly name = "NotLockable";

  constructor(path: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${path} cannot be locked (${reason}): it must be a writable file, on a file system with locks`, {
      cause,
    });
  }
}

/** SQLite's result codes for a file that is locked, and for one that is no database (sqlite.org/rescode.html). */
const [BUSY, NOT_A_DATABASE] = [5, 26];

/** The locks that this process holds, by path. Without a reference, the garbage collector closes the connection. */
const held = new Map<string, DatabaseSync>();

/**
 * Takes the lock on the file at `path`, and creates the file if it is missing. Returns `undefined` while this or
 * another process holds the lock. Does not wait.
 *
 * The lock is SQLite's lock of a writer, held by a transaction that never commits. So nothing is written and the file
 * stays empty. SQLite takes the lock with `fcntl` or `LockFileEx`: only one process gets it, and no child inherits it.
 *
 * With `fcntl`, a process loses its locks on a file when it closes the file. So a process that holds the lock must not
 * open the file in another way. Never delete the file: a process that creates it again locks a different file.
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
  // Another program wrote to the file. Truncating keeps the inode, so a process that holds the lock keeps it.
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
    // With a journal in memory, a killed process leaves no journal file. On a read-only file, SQLite begins the
    // transaction without a lock. The pragma then fails, so this write reveals it. On other files it stays in memory.
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
 * Loads Node's SQLite without the warning that it is experimental (Node 24, 2026-11), which every command would print.
 * Loading is synchronous, so no other warning is lost.
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

/** The primary result code of a SQLite error. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined;
  return error.errcode & 0xff;
}
