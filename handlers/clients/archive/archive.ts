import type { Readable } from "node:stream";

/** The description of a stored object, without its bytes. */
export interface ObjectHead {
  readonly key: string;
  readonly size: number;
  /** Identifies the content: the same bytes under the same key have the same ETag. */
  readonly etag: string;
  /** Identifies this upload: it changes with every put, even of the same bytes. */
  readonly version: string;
  readonly lastModified: Date;
  /** Empty for an object that a person uploaded. Names are lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The text of the metadata file, if an entry in it is damaged. `metadata` then lacks that entry. */
  readonly damagedMetadata?: string;
  /** Set if S3 keeps it in Glacier, where it must be restored before it can be read. */
  readonly isInGlacier?: true;
}

export interface StoredObject extends ObjectHead {
  readonly body: Buffer;
}

/** Bytes of an object, both positions included. The range begins within the object. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** The SHA-256 of the body, if the caller computed it. A folder does not compute it again. */
  readonly sha256?: string | undefined;
  /** The size of a body that is kept for long and seldom read: see `storageClassOf`. A folder ignores it. */
  readonly coldBytes?: number;
  /** Whether nothing else uses the chunks of a stream: then a folder frees each one when it is written. */
  readonly hasOwnChunks?: boolean;
  /** Writes only if there is no object, or only over the object with this ETag. */
  readonly only?: "if-absent" | { readonly ifMatch: string };
}

/** The options of a put without a condition. */
export type PlainPutOptions = Pick<PutOptions, "metadata" | "contentType" | "sha256">;

/**
 * A store of objects: S3, a folder, or memory.
 *
 * A put is atomic, and durable when it returns. Reads see the last put.
 * Every implementation passes `test/support/contracts/archive.ts`.
 */
export interface Archive {
  /** @throws PreconditionFailed when `only` does not hold. */
  put(key: string, body: Uint8Array | Readable, options?: PutOptions): Promise<Pick<ObjectHead, "etag" | "version">>;
  get(key: string): Promise<StoredObject | undefined>;
  /** The bytes as a stream, for objects too large for memory: all of them, or those in `range`. */
  stream(key: string, range?: ByteRange): Promise<Readable | undefined>;
  head(key: string): Promise<ObjectHead | undefined>;
  /**
   * Puts an object over itself: same bytes, new version, and metadata without `source`, as after an upload by a person.
   * Never replaces newer bytes with older ones. Returns false if there is no object.
   *
   * `redo` goes into its metadata and replaces the value of an earlier `rePut`: see `REDO`.
   */
  rePut(key: string, redo?: string): Promise<boolean>;
  /** Deletes the object. Succeeds if there is none. */
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, in ascending order of their bytes. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly size: number }>;
  /**
   * The folders below `prefix`, each up to and including its slash: `a/b/` for the key `a/b/c` and the prefix `a/`. In
   * order.
   */
  folders(prefix: string): AsyncIterable<string>;
}

/**
 * The metadata name for the steps to repeat with this upload of the same bytes: step names, separated by commas, or
 * `none` for only what is not done yet. Without it, every step is repeated.
 */
export const REDO = "redo";

/** The metadata of an object after `rePut`. */
export function rePutMetadata(
  { source: _, [REDO]: __, ...kept }: Readonly<Record<string, string>>,
  redo: string | undefined,
): Record<string, string> {
  return { ...kept, ...(redo !== undefined && { [REDO]: redo }) };
}

/** The useful number of concurrent requests: as many as the AWS SDK has connections (its default, 2026-11). */
export const REQUESTS_AT_ONCE = 50;

/** Another writer changed the object first. Read it again before you decide. */
export class PreconditionFailed extends Error {
  override readonly name = "PreconditionFailed";

  constructor(key: string, options?: ErrorOptions) {
    super(`${key} was changed by another writer`, options);
  }
}

/** Returns the result of a conditional write; `undefined` if another writer was first. */
export async function ifUnchanged<Result>(write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof PreconditionFailed) return undefined;
    throw error;
  }
}

/** Whether the archive has no object. Makes one request, for the first page of keys. */
export async function isEmpty(archive: Pick<Archive, "list">): Promise<boolean> {
  for await (const _ of archive.list("")) return false;
  return true;
}
