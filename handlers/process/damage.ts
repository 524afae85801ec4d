import { isJson } from "../call/event.ts";
import type { RawKey } from "../call/keys.ts";
import { KINDS } from "../call/kinds/registry.ts";
import type { StoredObject } from "../clients/archive/archive.ts";
import type { ObjectRecord } from "./conversation-index.ts";
import { isSameUpload } from "./object-record.ts";

/**
 * The damage of an object, as text to print after its key; `undefined` if its bytes may be those that were uploaded.
 * `sha256` is the hash of the bytes in `object`.
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
    ? "is damaged: its bytes differ from those that were stored"
    : undefined;
}

/** Whether the bytes differ from those that were put. A folder's ETag is their SHA-256. S3 has its own checksums. */
function isOtherThanStored({ etag }: StoredObject, sha256: string): boolean {
  return /^[0-9a-f]{64}$/.test(etag) && etag !== sha256;
}
