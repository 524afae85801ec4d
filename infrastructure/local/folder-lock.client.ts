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

/** What a folder may be taken for. */
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

/** The file that is locked. It is empty, and stays when the lock is released. */
const LOCKED = "lock.sqlite";

/** Whether `name` is the name of a file in a folder that belongs to its lock. */
export function isOfLock(name: string): boolean {
  return name === LOCKED || name === HOLDER_FILE;
}

/**
 * Makes this process the only one that works in `root`, until the lock is released or the process ends.
 *
 * A put over what was read (`ifMatch`) holds within one process only, so there may be only one. Only the operating
 * system's lock decides: no age, number or clock. See docs/decisions/2026-11-29-the-folder-lock-is-the-systems.md.
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
 * The process that works in `root` now, if one does. Asks the lock, by taking it for a moment.
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

/** How often the lock is tried, and how long in between. */
const [TRIES, PAUSE_MS] = [20, 25];

/**
 * Takes the lock, or returns the process that holds it.
 *
 * If the process that is noted does not run, the holder has just taken the lock and not noted itself yet, or only asks
 * who has it. Then the lock is tried again, for half a second. That is all that time has to say: a lock that is held is
 * never taken.
 */
async function takeLock(root: string): Promise<{ lock: FileLock; holder?: never } | { lock?: never; holder: Holder }> {
  for (let tries = 1; ; tries += 1) {
    const lock = takeFileLock(join(root, LOCKED));
    if (lock) return { lock };
    const noted = await readHolder(root);
    if (noted && isRunning(noted)) return { holder: noted };
    if (tries === TRIES) return { holder: noted ?? { command: undefined } };
    await systemClock.sleep(PAUSE_MS);
  }
}
