import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { sha256Once } from "../../call/digest.ts";
import { inTurn } from "../in-turn.ts";
import {
  type Archive,
  type ByteRange,
  type ObjectHead,
  PreconditionFailed,
  type PutOptions,
  rePutMetadata,
} from "./archive.ts";
import { absent, prepareFile, touch } from "./atomic-file.client.ts";
import { blockingReads, concurrentReads } from "./file-reads.client.ts";
import { filesUnder, foldersUnder } from "./folder-listing.client.ts";
import { fileOfKey, isInFolder } from "./key-path.ts";
import { readSidecar, type SidecarEntry, writeSidecar } from "./sidecar.client.ts";

/** An archive in a folder. */
export interface FolderArchive extends Archive {
  /**
   * Records the file at `key` as the recorded upload, although it has another time, as after a copy of the folder. Does
   * nothing unless the file has the bytes of a recorded upload. May run any number of times.
   */
  adopt(key: string): Promise<void>;
}

/** Options of a folder archive. */
export interface FolderOptions {
  /**
   * Whether the folder is a copy, whose files may have other times. Then an upload is recognised by its bytes alone.
   */
  readonly isCopy?: (() => boolean | Promise<boolean>) | undefined;
  /**
   * Whether the process waits while a file is read: faster for a command that reads many small files and does nothing
   * else. A server answers late meanwhile.
   */
  readonly readsBlock?: boolean;
}

/**
 * An archive in a folder: objects under `{root}/{name}`, their metadata under `{root}/metadata/{name}`.
 *
 * The folder that a person sees holds only the objects. A file that a person puts, replaces or touches has no `source`
 * in its metadata, because this archive did not write it. If it still has the bytes of an upload with metadata, the
 * rest of that metadata, such as the sender's signature, is returned.
 *
 * ETags are the SHA-256 of the content. `if-absent` holds among all processes that use the folder. `ifMatch` holds
 * within this process: see `folder-lock.client.ts`. The disk must support hard links.
 */
export function folderArchive(root: string, name: string, options: FolderOptions = {}): FolderArchive {
  const { isCopy = () => false, readsBlock = false } = options;
  const reads = readsBlock ? blockingReads : concurrentReads;
  const pathOf = (key: string) => fileOfKey(join(root, name), key);
  const sidecarOf = (key: string) => fileOfKey(join(root, "metadata", name), `${key}.json`);
  const temp = join(root, "tmp");
  const oneAtATime = inTurn();

  async function put(key: string, body: Uint8Array | Readable, options: PutOptions = {}) {
    const { metadata = {}, only } = options;
    const path = pathOf(key);
    const file = await prepareFile(temp, body, options);
    try {
      return await oneAtATime(key, async () => {
        if (only) await checkPrecondition(key, only);
        const before = await reads.stats(path);
        const stats = before ? await file.datedAfter(before.mtimeNs) : file.stats;
        await writeSidecar(sidecarOf(key), temp, entryOf(stats, file.sha256, metadata));
        if (only !== "if-absent") await file.moveTo(path);
        else if (!(await file.claim(path))) throw new PreconditionFailed(key);
        return { etag: file.sha256, version: versionOf(stats) };
      });
    } finally {
      await file.discard();
    }
  }

  async function checkPrecondition(key: string, only: NonNullable<PutOptions["only"]>) {
    const current = await head(key);
    const holds = only === "if-absent" ? !current : current?.etag === only.ifMatch;
    if (!holds) throw new PreconditionFailed(key);
  }

  async function head(key: string): Promise<ObjectHead | undefined> {
    const stats = await reads.stats(pathOf(key));
    return stats?.isFile() ? described(key, stats).catch(absent) : undefined;
  }

  async function get(key: string) {
    const file = await reads.file(pathOf(key));
    return file && { ...(await described(key, file.stats, file.body)), body: file.body };
  }

  async function stream(key: string, range?: ByteRange) {
    const file = await open(pathOf(key)).catch(absent);
    return file?.createReadStream(range);
  }

  async function described(key: string, stats: BigIntStats, body?: Buffer): Promise<ObjectHead> {
    const { entries, damaged } = await readSidecar(sidecarOf(key), reads);
    const alike = entries.filter((entry) => isAlike(entry, stats));
    const etag = etagOfAll(alike) ?? (body ? sha256Once(body) : await sha256OfFile(pathOf(key)));
    const sameBytes = entries.find((entry) => entry.etag === etag);
    const asPut = alike.find((entry) => entry.etag === etag) ?? ((await isCopy()) ? sameBytes : undefined);
    return {
      key,
      size: Number(stats.size),
      etag,
      version: versionOf(stats),
      lastModified: stats.mtime,
      metadata: asPut?.metadata ?? rePutMetadata(sameBytes?.metadata ?? {}, undefined),
      ...(damaged !== undefined && { damagedMetadata: damaged }),
    };
  }

  /**
   * Sets a new time on the file: a person's upload of the same bytes leaves no more. Then records `redo`, unless
   * another upload came first. A reader in between repeats every step.
   */
  function rePut(key: string, redo?: string): Promise<boolean> {
    const path = pathOf(key);
    return oneAtATime(key, async () => {
      const before = await reads.stats(path);
      if (!before) return false;
      const found = redo === undefined ? undefined : await head(key);
      const after = await touch(path, before.mtimeNs).catch(absent);
      if (found && after?.ino === before.ino) {
        await writeSidecar(sidecarOf(key), temp, entryOf(after, found.etag, rePutMetadata(found.metadata, redo)));
      }
      return after !== undefined;
    });
  }

  async function adopt(key: string): Promise<void> {
    // `verify` reports a file whose name is no key.
    if (!isInFolder(key)) return;
    await oneAtATime(key, async () => {
      const [{ entries }, stats] = [await readSidecar(sidecarOf(key), reads), await reads.stats(pathOf(key))];
      if (!stats?.isFile() || entries.length === 0 || entries.some((entry) => isAlike(entry, stats))) return;
      const etag = await sha256OfFile(pathOf(key));
      const entry = entries.find((each) => each.etag === etag);
      if (entry) await writeSidecar(sidecarOf(key), temp, entryOf(stats, etag, entry.metadata));
    });
  }

  async function remove(key: string) {
    await rm(pathOf(key), { force: true });
    await rm(sidecarOf(key), { force: true });
  }

  const folder = join(root, name);
  return {
    put,
    get,
    stream,
    head,
    rePut,
    delete: remove,
    list: (prefix) => filesUnder(folder, prefix, reads),
    folders: (prefix) => foldersUnder(folder, prefix, reads),
    adopt,
  };
}

/**
 * The file's modification time, in nanoseconds. A rename keeps it, so it is known before the file is in its place. A
 * copy that preserves times keeps it, too. Until 2026-11 the inode followed it: see `isSameUpload`.
 */
function versionOf(stats: BigIntStats): string {
  return String(stats.mtimeNs);
}

function isAlike({ mtime, size }: SidecarEntry, stats: BigIntStats): boolean {
  return mtime === String(stats.mtimeNs) && size === Number(stats.size);
}

function entryOf(stats: BigIntStats, etag: string, metadata: Readonly<Record<string, string>>): SidecarEntry {
  return { etag, mtime: String(stats.mtimeNs), size: Number(stats.size), metadata };
}

/**
 * The ETag that all `entries` have; `undefined` if they differ. Two uploads of one moment may have the same size, and
 * only one got its place.
 */
function etagOfAll([first, ...others]: readonly SidecarEntry[]): string | undefined {
  return others.every(({ etag }) => etag === first?.etag) ? first?.etag : undefined;
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path);
  for await (const chunk of file.createReadStream()) hash.update(chunk);
  return hash.digest("hex");
}
