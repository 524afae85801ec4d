import type { RawKey } from "../call/keys.ts";
import type { Provenance } from "../call/rows/provenance.ts";
import type { ObjectHead } from "../clients/archive/archive.ts";
import type { ObjectRecord } from "./conversation-index.ts";

/** The provenance of an object, from its record. */
export function provenanceOf(from: {
  readonly name: RawKey;
  readonly object: Pick<ObjectHead, "key" | "size">;
  readonly record: ObjectRecord;
}): Provenance {
  const { name, object, record } = from;
  return {
    key: object.key,
    caller: name.caller ?? "",
    bytes: object.size,
    sha256: record.sha256,
    receivedAt: new Date(record.received_at),
    source: record.source,
  };
}
