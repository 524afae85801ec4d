import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";

/** What a folder may be taken for. */
export type Command =
  | "npm start"
  | "npm run backfill"
  | "npm run compact"
  | "npm run erase"
  | "npm run redrive"
  | "npm run reprocess"
  | "npm run verify";

/** Who works in a folder. */
export interface Holder {
  readonly pid: number;
  readonly command: string;
}

/** Another process works in this folder. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";

  constructor(root: string, { pid, command }: Holder) {
    super(
      `${command} already runs in ${root} (process ${pid}): stop it or wait for it, or set ARCHIVE_DIR to another folder`,
    );
  }
}

/** A lock that was not renewed for this long belongs to a process that died, whoever has its number now. */
const STALE_MS = 15_000;
const RENEW_MS = 3_000;

/**
 * Makes this process the only one that works in `root`, until the lock is released.
 *
 * A put over what was read (`ifMatch`) holds within one process only, so there may be only one. A process that was
 * killed leaves its lock behind; the next one sees that it is dead and takes over.
 *
 * @throws FolderInUse
 */
export async function lockFolder(root: string, command: Command = "npm start"): Promise<() => Promise<void>> {
  await mkdir(root, { recursive: true });
  const path = join(root, "lock");
  try {
    await claim(path, command);
  } catch (error) {
    const holder = await liveHolder(root);
    if (holder !== undefined) throw new FolderInUse(root, holder);
    if (!isThere(error)) throw error;
    await rm(path, { force: true });
    await claim(path, command);
  }
  const renewal = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), RENEW_MS);
  renewal.unref();
  return async () => {
    clearInterval(renewal);
    await rm(path, { force: true });
  };
}

/** Writes the lock, unless there is one. */
function claim(path: string, command: Command): Promise<void> {
  return writeFile(path, `${process.pid} ${command}`, { flag: "wx" });
}

function isThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

/** Who works in `root` now, if anybody does. */
export async function liveHolder(root: string): Promise<Holder | undefined> {
  const path = join(root, "lock");
  const stats = await stat(path).catch(absent);
  const text = stats && (await readFile(path, "utf8").catch(absent));
  if (!stats || !text) return undefined;
  const [, digits, command = "npm start"] = LOCK.exec(text) ?? [];
  const pid = Number(digits);
  const isFresh = Date.now() - stats.mtimeMs < STALE_MS;
  return isFresh && pid > 0 && pid !== process.pid && isAlive(pid) ? { pid, command } : undefined;
}

/** The process, and what it was started as: nothing, as earlier versions wrote it, is `npm start`. */
const LOCK = /^(\d+)(?: (.*))?$/;

/** Whether a file says what a lock says. */
export function isLock(text: string): boolean {
  return LOCK.test(text);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** On Linux a killed process keeps its number until its parent has noticed. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
