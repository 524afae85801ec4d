import type { Readable } from "node:stream";

/** What is known of a stored object without reading it. */
export interface ObjectHead {
  readonly key: string;
  readonly size: number;
  /** Names the content: the same bytes under the same key have the same ETag. */
  readonly etag: string;
  /** Names this one upload: changes with every put, even of the same bytes. */
  readonly version: string;
  readonly lastModified: Date;
  /** Empty for an object that a person put there. Names are lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What stands where metadata should, if it is damaged: then `metadata` lacks what it said. */
  readonly damagedMetadata?: string;
}

export interface StoredObject extends ObjectHead {
  readonly body: Buffer;
}

export interface PutOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** What the store may sort its objects by, as S3 does for their lifecycle. A folder has no use for it. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Write only if nothing is there, or only over what has this ETag. */
  readonly only?: "if-absent" | { readonly ifMatch: string };
}

/**
 * Where objects are kept: S3, a folder, or memory.
 *
 * A put is whole or not at all, and durable when it returns. Reads see the last put.
 * Every implementation passes `test/support/contracts/archive.ts`.
 */
export interface Archive {
  /** @throws PreconditionFailed when `only` does not hold. */
  put(key: string, body: Uint8Array | Readable, options?: PutOptions): Promise<Pick<ObjectHead, "etag" | "version">>;
  get(key: string): Promise<StoredObject | undefined>;
  /** The bytes as a stream, for objects too large to hold. */
  stream(key: string): Promise<Readable | undefined>;
  head(key: string): Promise<ObjectHead | undefined>;
  /**
   * Uploads an object again over itself: same bytes, new version, and metadata without `source`, as if a person
   * had put it there. Never brings old bytes back over newer ones. Answers false if there is no object.
   *
   * `redo` goes into its metadata, in place of the value of an earlier `rePut`: see `REDO`.
   */
  rePut(key: string, redo?: string): Promise<boolean>;
  /** Deletes the object. One that is not there is no error. */
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, in ascending order of their bytes. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly size: number }>;
  /** What keys that begin with `prefix` have next, up to and with a slash: `a/b/` for `a/b/c` below `a/`. In order. */
  folders(prefix: string): AsyncIterable<string>;
}

/**
 * The name under which an object's metadata says what is to be done again for this upload of the same bytes: steps,
 * separated by commas, or `none` for what is not done yet. Without it, everything is.
 */
export const REDO = "redo";

/** The metadata of an object that is uploaded again over itself. */
export function rePutMetadata(
  { source: _, [REDO]: __, ...kept }: Readonly<Record<string, string>>,
  redo: string | undefined,
): Record<string, string> {
  return { ...kept, ...(redo !== undefined && { [REDO]: redo }) };
}

/** How many requests it makes sense to have under way: as many as the AWS SDK has connections (its default, 2026-11). */
export const REQUESTS_AT_ONCE = 50;

/** Someone else wrote the object first. Read it again before deciding anything. */
export class PreconditionFailed extends Error {
  override readonly name = "PreconditionFailed";

  constructor(key: string, options?: ErrorOptions) {
    super(`${key} was changed by another writer`, options);
  }
}

/** What a write on condition gives; `undefined` if someone else wrote first. */
export async function ifUnchanged<Result>(write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof PreconditionFailed) return undefined;
    throw error;
  }
}

/** Whether nothing is stored. One request, for the first page of names. */
export async function isEmpty(archive: Pick<Archive, "list">): Promise<boolean> {
  for await (const _ of archive.list("")) return false;
  return true;
}
