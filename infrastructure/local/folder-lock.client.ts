import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";
import { systemClock } from "../../handlers/clients/clock.ts";
import { type FileLock, takeFileLock } from "./file-lock.client.ts";
import {
  earlierHolder,
  HOLDER_FILE,
  type Holder,
  isRunning,
  readHolder,
  removeHolderFile,
  writeHolderFile,
} from "./lock-holder.client.ts";

/** The commands that lock a folder. */
export type Command =
  | "npm start"
  | "npm run backfill"
  | "npm run compact"
  | "npm run demo"
  | "npm run erase"
  | "npm run redrive"
  | "npm run reprocess"
  | "npm run verify";

/** Another process works in this folder. The lock does not expire: it ends when that process does. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";

  constructor(root: string, holder: Holder) {
    super(`${inUse(root, holder)}: stop it or wait for it`);
  }
}

function inUse(root: string, holder: Holder): string {
  if (holder.command === undefined) {
    return `another process works in ${root}, and ${join(root, HOLDER_FILE)} does not name it (or the file system has no locks)`;
  }
  const { command, pid, since } = holder;
  const moment = since && ` since ${new Date(since).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return `${command} already runs in ${root} (process ${pid})${moment ?? ""}`;
}

/** The file that is locked. It is empty, and is not removed when the lock is released. */
const LOCKED = "lock.sqlite";

/** Whether the file `name` in a folder belongs to the folder's lock. */
export function isOfLock(name: string): boolean {
  return name === LOCKED || name === HOLDER_FILE;
}

/**
 * Locks `root` for this process, until the returned function releases it or the process ends.
 *
 * Conditional puts (`ifMatch`) are safe only within one process, so only one may work in the folder. The operating
 * system's lock alone decides, not an age, a process id or a clock. See
 * docs/decisions/2026-11-29-the-folder-lock-is-the-systems.md.
 *
 * @throws FolderInUse
 * @throws NotLockable
 */
export async function lockFolder(root: string, command: Command = "npm start"): Promise<() => Promise<void>> {
  await mkdir(root, { recursive: true });
  const { lock, holder } = await takeLock(root);
  if (!lock) throw new FolderInUse(root, holder);
  try {
    const earlier = await earlierHolder(root);
    if (earlier) throw new FolderInUse(root, earlier);
    await writeHolderFile(root, { pid: process.pid, command, since: new Date().toISOString() });
  } catch (error) {
    lock.release();
    throw error;
  }
  let isReleased = false;
  return async () => {
    if (isReleased) return;
    isReleased = true;
    await removeHolderFile(root).finally(lock.release);
  };
}

/**
 * Returns the process that works in `root` now, if there is one. To find out, it takes the lock for a moment.
 *
 * @throws NotLockable
 */
export async function liveHolder(root: string): Promise<Holder | undefined> {
  const isThere = (await stat(join(root, LOCKED)).catch(absent)) !== undefined;
  if (isThere) {
    const { lock, holder } = await takeLock(root);
    lock?.release();
    if (holder) return holder;
  }
  return earlierHolder(root);
}

/** How many times the lock is tried, and the pause between two tries. */
const [TRIES, PAUSE_MS] = [20, 25];

/**
 * Takes the lock, or returns the process that holds it.
 *
 * If the process that the holder file names does not run, the holder has not written its file yet, or it only holds the
 * lock for a moment in `liveHolder`. Then the lock is tried again, for half a second. A held lock is never taken.
 */
async function takeLock(root: string): Promise<{ lock: FileLock; holder?: never } | { lock?: never; holder: Holder }> {
  for (let tries = 1; ; tries += 1) {
    const lock = takeFileLock(join(root, LOCKED));
    if (lock) return { lock };
    const named = await readHolder(root);
    if (named && isRunning(named)) return { holder: named };
    if (tries === TRIES) return { holder: named ?? { command: undefined } };
    await systemClock.sleep(PAUSE_MS);
  }
}
