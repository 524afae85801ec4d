import { isJson } from "../call/event.ts";
import type { RawKey } from "../call/keys.ts";
import { KINDS } from "../call/kinds/registry.ts";
import type { StoredObject } from "../clients/archive/archive.ts";
import type { ObjectRecord } from "./conversation-index.ts";
import { isSameUpload } from "./object-record.ts";

/**
 * How an object was damaged, as a sentence goes on after its key; `undefined` if its bytes may be what was uploaded.
 * `sha256` is that of its bytes as they were read.
 */
export function damageOf(
  { kind }: RawKey,
  object: StoredObject,
  sha256: string,
  record: ObjectRecord | undefined,
): string | undefined {
  if (KINDS[kind].isRouted && !isJson(object.body)) return "is truncated or damaged: it is not JSON";
  const isOtherThanRecord = record !== undefined && isSameUpload(record, object.version) && record.sha256 !== sha256;
  return isOtherThanRecord || isOtherThanStored(object, sha256)
    ? "has other bytes than were stored there: they were damaged"
    : undefined;
}

/** A folder's ETag is the SHA-256 of what was put. S3's is something else, and S3 keeps checksums of its own. */
function isOtherThanStored({ etag }: StoredObject, sha256: string): boolean {
  return /^[0-9a-f]{64}$/.test(etag) && etag !== sha256;
}
