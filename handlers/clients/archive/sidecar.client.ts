import { checkedValue, withChecksum } from "../../../queries/tables/checksum.ts";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { isCount, isSha256, isText, objectOf, recordOf } from "../../call/shape.ts";
import { prepareFile } from "./atomic-file.client.ts";
import { concurrentReads, type FileReads } from "./file-reads.client.ts";

/** The metadata of one upload, and what identifies the file that it belongs to. */
export interface SidecarEntry {
  readonly etag: string;
  /** Modification time in nanoseconds since 1970, as digits. */
  readonly mtime: string;
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The recorded uploads of an object. */
export interface Sidecar {
  /** The last upload, then the one before it. */
  readonly entries: readonly SidecarEntry[];
  /** The text of the file, if an entry in it is damaged. */
  readonly damaged?: string;
}

/**
 * Reads the sidecar at `path` without its damaged entries. An object without entries counts as uploaded by a person.
 */
export async function readSidecar(path: string, reads: Pick<FileReads, "text"> = concurrentReads): Promise<Sidecar> {
  const text = await reads.text(path);
  if (text === undefined) return { entries: [] };
  const read = parsed(text);
  const entries = read?.map(checkedValue).filter(isEntry) ?? [];
  return entries.length > 0 && entries.length === read?.length ? { entries } : { entries, damaged: text };
}

/**
 * Records an upload before its file takes its place.
 *
 * The entry of the present file stays beside it. So the metadata is known, whichever of the two files a crash leaves,
 * and whichever process gets the place when two put a new object at the same time. An object that never had metadata
 * gets no sidecar.
 */
export async function writeSidecar(path: string, temp: string, entry: SidecarEntry): Promise<void> {
  const [current] = (await readSidecar(path)).entries;
  if (!current && Object.keys(entry.metadata).length === 0) return;
  const file = await prepareFile(
    temp,
    Buffer.from(JSON.stringify((current ? [entry, current] : [entry]).map(withChecksum))),
  );
  try {
    if (current) return await file.moveTo(path);
    if (await file.claim(path)) return;
    // Another process recorded its upload meanwhile, or the file is damaged.
    const [other] = (await readSidecar(path)).entries;
    return other ? await writeSidecar(path, temp, entry) : await file.moveTo(path);
  } finally {
    await file.discard();
  }
}

function parsed(text: string): readonly unknown[] | undefined {
  const read = parsedJson(text);
  return Array.isArray(read) ? read : undefined;
}

const isEntry = objectOf<SidecarEntry>({
  etag: isSha256,
  mtime: (value): value is string => isText(value) && /^\d+$/.test(value),
  size: isCount,
  metadata: recordOf(isText),
});
