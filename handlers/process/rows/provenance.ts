import type { RawKey } from "../../call/keys.ts";
import type { ObjectHead } from "../../clients/archive/archive.ts";
import type { ObjectRecord } from "../conversation-index.ts";

/** Where the bytes of a call lie and how they came: the part of a row that is not in the payload. */
export interface Provenance {
  readonly key: string;
  /** The caller's folder. */
  readonly caller: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly receivedAt: Date;
  readonly source: "webhook" | "api" | "re-upload";
}

/** Where an object that is on record came from. */
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

/** Version of the rules by which rows are made. Raise it when the same bytes give other rows. */
export const PROCESSOR_VERSION = "3";
