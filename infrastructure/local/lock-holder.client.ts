import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isCount, isMoment, isText, objectOf } from "../../handlers/call/shape.ts";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";
import { jsonBytes, jsonIn } from "../../handlers/clients/archive/json-object.ts";

/** A process that works in a folder. */
export interface NamedHolder {
  readonly pid: number;
  readonly command: string;
  /** ISO 8601. Unknown if the process is an earlier version of the archive. */
  readonly since: string | undefined;
}

/** A process that works in a folder, and whose holder file is missing or unreadable. */
interface UnnamedHolder {
  readonly command: undefined;
}

/** The process that works in a folder, named if possible. */
export type Holder = NamedHolder | UnnamedHolder;

/** The file in a folder that names the holder. It only informs people. The lock is another file. */
export const HOLDER_FILE = "lock";

const isHolder = objectOf<{ pid: number; command: string; since: string }>({
  pid: isCount,
  command: isText,
  since: isMoment,
});

/** Writes the holder file of `root`. */
export function writeHolderFile(root: string, holder: NamedHolder): Promise<void> {
  return writeFile(join(root, HOLDER_FILE), jsonBytes(holder));
}

/** Removes the holder file of `root`, if there is one. */
export function removeHolderFile(root: string): Promise<void> {
  return rm(join(root, HOLDER_FILE), { force: true });
}

/** Reads the holder file of `root`. Its process may have ended without removing the file. */
export async function readHolder(root: string): Promise<NamedHolder | undefined> {
  const bytes = await readFile(join(root, HOLDER_FILE)).catch(absent);
  return bytes && holderIn(bytes);
}

/** Whether the bytes of a holder file name a holder. */
export function isHolderFile(bytes: Uint8Array): boolean {
  return holderIn(bytes) !== undefined;
}

/** The format until 2026-11: the process id and the command. Without a command, it was `npm start`. */
const EARLIER = /^(\d+)(?: (.*))?$/;

function holderIn(bytes: Uint8Array): NamedHolder | undefined {
  const [, digits, command = "npm start"] = EARLIER.exec(Buffer.from(bytes).toString()) ?? [];
  if (digits !== undefined) return { pid: Number(digits), command, since: undefined };
  return jsonIn(bytes, isHolder);
}

/** An earlier version wrote its holder file every 3 seconds. To it, one older than this was left by a dead process. */
const STALE_MS = 15_000;

/**
 * Returns the process of an earlier version that works in `root`. Such a version does not use the lock. So this
 * function applies that version's own rule: the holder file is young, and a process with its id runs.
 */
export async function earlierHolder(root: string): Promise<NamedHolder | undefined> {
  const holder = await readHolder(root);
  if (holder === undefined || holder.since !== undefined || !isRunning(holder)) return undefined;
  const stats = await stat(join(root, HOLDER_FILE)).catch(absent);
  return stats && Date.now() - stats.mtimeMs < STALE_MS ? holder : undefined;
}

/** Whether another process with the holder's id runs. */
export function isRunning({ pid }: NamedHolder): boolean {
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
