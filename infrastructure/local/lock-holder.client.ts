import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isCount, isMoment, isText, objectOf } from "../../handlers/call/shape.ts";
import { absent } from "../../handlers/clients/archive/atomic-file.client.ts";
import { jsonBytes, jsonIn } from "../../handlers/clients/archive/json-object.ts";

/** The process that works in a folder. */
export interface NamedHolder {
  readonly pid: number;
  readonly command: string;
  /** ISO 8601. Unknown where an earlier version of the archive works in the folder. */
  readonly since: string | undefined;
}

/** A process that works in a folder, and of which no more is known: what it wrote of itself cannot be read. */
interface UnnamedHolder {
  readonly command: undefined;
}

/** The process that works in a folder, as far as it is known. */
export type Holder = NamedHolder | UnnamedHolder;

/** The file in a folder that names the holder. It keeps nobody away: the lock beside it does. */
export const HOLDER_FILE = "lock";

const isHolder = objectOf<{ pid: number; command: string; since: string }>({
  pid: isCount,
  command: isText,
  since: isMoment,
});

/** Writes who works in `root`. */
export function writeHolderFile(root: string, holder: NamedHolder): Promise<void> {
  return writeFile(join(root, HOLDER_FILE), jsonBytes(holder));
}

/** Removes what `writeHolderFile` wrote. */
export function removeHolderFile(root: string): Promise<void> {
  return rm(join(root, HOLDER_FILE), { force: true });
}

/** The process that wrote last that it works in `root`. It may have ended since, without removing that. */
export async function readHolder(root: string): Promise<NamedHolder | undefined> {
  const bytes = await readFile(join(root, HOLDER_FILE)).catch(absent);
  return bytes && holderIn(bytes);
}

/** Whether the bytes of `lock` in a folder name a holder. */
export function isHolderFile(bytes: Uint8Array): boolean {
  return holderIn(bytes) !== undefined;
}

/** Until 2026-11, the number of the process and its command. Without a command, it was `npm start`. */
const EARLIER = /^(\d+)(?: (.*))?$/;

function holderIn(bytes: Uint8Array): NamedHolder | undefined {
  const [, digits, command = "npm start"] = EARLIER.exec(Buffer.from(bytes).toString()) ?? [];
  if (digits !== undefined) return { pid: Number(digits), command, since: undefined };
  return jsonIn(bytes, isHolder);
}

/** An earlier version renewed its note every 3 seconds, and counted one of 15 seconds as that of a dead process. */
const STALE_MS = 15_000;

/**
 * The process of an earlier version that works in `root`. It does not know the lock, so its note is judged as it
 * judged notes itself: by age, and by whether there is a process with that number.
 */
export async function earlierHolder(root: string): Promise<NamedHolder | undefined> {
  const holder = await readHolder(root);
  if (holder === undefined || holder.since !== undefined || !isRunning(holder)) return undefined;
  const stats = await stat(join(root, HOLDER_FILE)).catch(absent);
  return stats && Date.now() - stats.mtimeMs < STALE_MS ? holder : undefined;
}

/** Whether there is another process with the holder's number. */
export function isRunning({ pid }: NamedHolder): boolean {
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
