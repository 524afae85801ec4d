import type { FieldWithoutColumn } from "./unknown-field-rows.ts";

/** The part of a row that is not in the payload: where the bytes of a call are, and how and when they arrived. */
export interface Provenance {
  readonly key: string;
  /** The caller's folder. */
  readonly caller: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly receivedAt: Date;
  readonly source: "webhook" | "api" | "re-upload";
  /** The fields without a column in the audio event of the call, if it has one. */
  readonly besides?: { readonly key: string; readonly fields: readonly FieldWithoutColumn[] } | undefined;
}

/** The version of the code that builds rows. Increase it when the same bytes give other rows. */
export const PROCESSOR_VERSION = "4";

/** The columns of a call and of an unrouted body that come from its provenance. */
export function provenanceColumns({ receivedAt, source, key, bytes, sha256 }: Provenance) {
  return {
    received_at: receivedAt,
    source,
    raw_key: key,
    raw_bytes: BigInt(bytes),
    raw_sha256: sha256,
    processor_version: PROCESSOR_VERSION,
  };
}
