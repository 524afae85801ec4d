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
