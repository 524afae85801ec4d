import { readFile } from "node:fs/promises";
import { at, isObject, list } from "../call/json.ts";
import { absent, prepareFile } from "./atomic-file.client.ts";

/** The metadata of one upload, and how to recognise the file that it belongs to. */
export interface SidecarEntry {
  readonly etag: string;
  /** Modification time in nanoseconds since 1970, as digits. */
  readonly mtime: string;
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * What is noted of the object whose sidecar is at `path`: its last upload first, then the one before.
 *
 * What is damaged notes nothing: the object is then as one that a person put there.
 */
export async function readSidecar(path: string): Promise<readonly SidecarEntry[]> {
  const text = await readFile(path, "utf8").catch(absent);
  return text === undefined ? [] : parsed(text);
}

/**
 * Notes an upload before its file takes its place.
 *
 * The entry of the file that is still there stays beside it: whichever of the two a crash leaves, its
 * metadata is known. So it is when two processes put a new object at the same time, whichever of the two gets its
 * place. An object that never had metadata gets no sidecar.
 */
export async function writeSidecar(path: string, temp: string, entry: SidecarEntry): Promise<void> {
  const [current] = await readSidecar(path);
  if (!current && Object.keys(entry.metadata).length === 0) return;
  const file = await prepareFile(temp, Buffer.from(JSON.stringify(current ? [entry, current] : [entry])));
  try {
    if (current) return await file.moveTo(path);
    if (await file.claim(path)) return;
    // Another process noted its upload meanwhile, or what is there is damaged.
    const [other] = await readSidecar(path);
    return other ? await writeSidecar(path, temp, entry) : await file.moveTo(path);
  } finally {
    await file.discard();
  }
}

function parsed(text: string): readonly SidecarEntry[] {
  try {
    return list(JSON.parse(text)).filter(isEntry);
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is SidecarEntry {
  return typeof at(value, "etag") === "string" && isObject(at(value, "metadata"));
}
