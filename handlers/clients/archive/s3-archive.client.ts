import type { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { awsRetryPolicy, OBJECT_TIMEOUT_MS } from "../aws/aws-retry-policy.ts";
import {
  type Archive,
  type ByteRange,
  type ObjectHead,
  PreconditionFailed,
  type PutOptions,
  rePutMetadata,
} from "./archive.ts";
import { PART_BYTES, storageClassOf } from "./storage-class.ts";

/**
 * An archive in an S3 bucket.
 *
 * The bucket should be versioned: then `version` is S3's version id, and no put is ever lost. Without versions it is
 * the ETag, and a re-put of the same bytes looks like the same upload.
 *
 * Streams are multipart uploads: the object appears when the last part has arrived.
 *
 * With `isReadSoon` nothing is put into GLACIER_IR.
 */
export function s3Archive(
  bucket: string,
  client: S3Client = new S3Client(awsRetryPolicy({ requestTimeout: OBJECT_TIMEOUT_MS })),
  { isReadSoon = false } = {},
): Archive {
  const at = (key: string) => ({ Bucket: bucket, Key: key });

  async function put(key: string, body: Uint8Array | Readable, options: PutOptions = {}) {
    const { metadata, contentType, only, coldBytes } = options;
    const input: PutObjectCommandInput = {
      ...at(key),
      Body: body,
      Metadata: { ...metadata },
      ...(contentType !== undefined && { ContentType: contentType }),
      ...(coldBytes !== undefined && !isReadSoon && { StorageClass: storageClassOf(coldBytes) }),
      ...(only && (only === "if-absent" ? { IfNoneMatch: "*" } : { IfMatch: only.ifMatch })),
    };
    try {
      if (body instanceof Uint8Array) return stored(await client.send(new PutObjectCommand(input)));
      return stored(await new Upload({ client, params: input, partSize: PART_BYTES }).done());
    } catch (error) {
      if (!only || !isLostRace(error)) throw error;
      const own = await ownPut(key, body, error);
      if (own) return own;
      throw new PreconditionFailed(key, { cause: error });
    }
  }

  /**
   * Returns the stored object if this put wrote it. When the answer to a successful attempt is lost, S3 refuses the
   * retry.
   */
  async function ownPut(key: string, body: Uint8Array | Readable, { $metadata }: S3ServiceException) {
    if (($metadata.attempts ?? 1) === 1 || !(body instanceof Uint8Array)) return undefined;
    const stored = await get(key);
    return stored?.body.equals(body) ? stored : undefined;
  }

  async function get(key: string) {
    const found = await absentAsUndefined(client.send(new GetObjectCommand(at(key))));
    const bytes = await found?.Body?.transformToByteArray();
    return (
      found && bytes && { ...described(key, found), body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) }
    );
  }

  async function stream(key: string, range?: ByteRange) {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const found = await absentAsUndefined(client.send(new GetObjectCommand({ ...at(key), Range })));
    // In Node the SDK's body is a Readable. Its type also allows for browsers.
    return found?.Body as Readable | undefined;
  }

  async function head(key: string) {
    const found = await absentAsUndefined(client.send(new HeadObjectCommand(at(key))));
    return found && described(key, found);
  }

  /** Copies the object over itself, on condition that it is still the one whose metadata was read. */
  async function rePut(key: string, redo?: string): Promise<boolean> {
    const found = await absentAsUndefined(client.send(new HeadObjectCommand(at(key))));
    if (!found) return false;
    const copy = new CopyObjectCommand({
      ...at(key),
      CopySource: `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
      CopySourceIfMatch: found.ETag,
      IfMatch: found.ETag,
      MetadataDirective: "REPLACE",
      Metadata: rePutMetadata(found.Metadata ?? {}, redo),
      ContentType: found.ContentType,
    });
    try {
      await client.send(copy);
      return true;
    } catch (error) {
      if (isLostRace(error)) return rePut(key, redo);
      throw error;
    }
  }

  async function* list(prefix: string) {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: Key, size: Size ?? 0 };
      }
    }
  }

  async function* folders(Prefix: string) {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix, Delimiter: "/" })) {
      for (const { Prefix: folder } of page.CommonPrefixes ?? []) {
        if (folder !== undefined) yield folder;
      }
    }
  }

  async function remove(key: string) {
    await client.send(new DeleteObjectCommand(at(key)));
  }

  return { put, get, stream, head, rePut, delete: remove, list, folders };
}

function stored({ ETag = "", VersionId }: { ETag?: string | undefined; VersionId?: string | undefined }) {
  return { etag: ETag, version: VersionId ?? ETag };
}

function described(key: string, found: GetObjectCommandOutput | HeadObjectCommandOutput): ObjectHead {
  return {
    key,
    ...stored(found),
    size: found.ContentLength ?? 0,
    lastModified: found.LastModified ?? new Date(0),
    metadata: found.Metadata ?? {},
    ...(isInGlacier(found) && { isInGlacier: true }),
  };
}

/**
 * Whether an object must be restored before it can be read. A restored one is readable while `Restore` states that no
 * request is ongoing (docs.aws.amazon.com, HeadObject, 2026-11). Objects in GLACIER_IR are readable.
 */
function isInGlacier({ StorageClass, Restore, ...found }: GetObjectCommandOutput | HeadObjectCommandOutput): boolean {
  const isArchived = StorageClass === "GLACIER" || StorageClass === "DEEP_ARCHIVE" || "ArchiveStatus" in found;
  return isArchived && Restore?.includes('ongoing-request="false"') !== true;
}

async function absentAsUndefined<Output>(request: Promise<Output>): Promise<Output | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof S3ServiceException && ["NoSuchKey", "NotFound"].includes(error.name)) return undefined;
    throw error;
  }
}

/**
 * Whether S3 refused a conditional write because of the stored object or a concurrent write: 412, 409, and 404 where
 * `If-Match` finds nothing (docs.aws.amazon.com, S3 conditional writes, 2026-11).
 */
function isLostRace(error: unknown): error is S3ServiceException {
  if (!(error instanceof S3ServiceException)) return false;
  const { httpStatusCode } = error.$metadata;
  return httpStatusCode === 412 || httpStatusCode === 409 || error.name === "NoSuchKey";
}
