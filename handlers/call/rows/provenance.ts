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

/** Version of the rules by which rows are made. Raise it when the same bytes give other rows. */
export const PROCESSOR_VERSION = "3";

/** The columns of a call and of an unrouted body: where the bytes are, and how and when they came. */
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
