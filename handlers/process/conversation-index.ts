import { dateOfHour } from "../../queries/tables/utc-date.ts";
import { indexKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import type { FieldWithoutColumn } from "../call/rows/unknown-field-rows.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { readJson, writeJson } from "../clients/archive/json-object.ts";
import type { Lease } from "../clients/lease.ts";
import type { AbsentRecording } from "./absent-recording.ts";
import { isStoredIndex, type StoredIndex } from "./index-shape.ts";

/** The record of one object of a conversation: its upload, and the steps that were done. */
export interface ObjectRecord {
  /** The hash of the processed bytes. */
  readonly sha256: string;
  /** The upload that was processed. */
  readonly version: string;
  /** When these bytes were first received, ISO 8601. */
  readonly received_at: string;
  readonly source: "webhook" | "api" | "re-upload";
  readonly done: readonly Step[];
  /** True if the steps were done under a lease of another processor, which may have written later: they are redone. */
  readonly overtaken?: boolean;
  /** Why the other steps failed at the last try, without personal data. Absent if none failed. */
  readonly failed?: Readonly<Partial<Record<Step, string>>> | undefined;
  /** The bytes that last arrived with a signature under this key, if the bytes on record have none. */
  readonly signed?: SignedBytes;
  /** The fields of an audio event that have no column. They are rows of its call. */
  readonly fields?: readonly FieldWithoutColumn[];
  /** Present if a person accepted the bytes on record in place of the signed ones. */
  readonly accepted?: Acceptance;
}

/** Bytes that arrived with a valid signature. */
export interface SignedBytes {
  readonly sha256: string;
  /** ISO 8601. */
  readonly received_at: string;
}

/** The acceptance of unsigned bytes by a person: which bytes, when (ISO 8601), and why. */
export interface Acceptance {
  readonly sha256: string;
  readonly at: string;
  readonly reason: string;
}

/** The deletion of a conversation by a person: when (ISO 8601), and why. */
export interface Deletion {
  readonly at: string;
  readonly reason: string;
}

/** The place of the transcription of a conversation. An audio event that arrives later uses it. */
export interface Home {
  readonly key: string;
  /** UTC date of the call's start: the partition of its rows. */
  readonly day: string;
  /** The UTC hour on that day, `00` to `23`. Absent before 2026-12: its rows are in no hour. */
  readonly hour?: string | undefined;
  readonly agent_id: string | null;
}

/** Memories that may exist. `adding`: an add was begun, and its result is unknown. */
export interface MemoryRecord {
  readonly state: "adding" | "accepted" | "added";
  /** Every user id under which memories of this conversation may be. */
  readonly user_ids: readonly string[];
  /** The memories whose content the store refused. Absent if there are none. */
  readonly refused?: readonly ("factual" | "semantic")[];
}

/** Digests of rows and their live objects, by the name of the table. */
export type RowsDigests = Readonly<Record<string, string>>;

/** The index of one conversation: where it is, which steps are done, which request holds its lease. Stored as JSON. */
export interface ConversationIndex {
  readonly conversation: string;
  readonly home?: Home | undefined;
  /** By key. */
  readonly objects: Readonly<Record<string, ObjectRecord>>;
  /** Every hour under which rows of this conversation may be, `YYYY-MM-DD/HH`; before 2026-12 a day, `YYYY-MM-DD`. */
  readonly hours: readonly string[];
  /** By table, the digest of the rows that were last written: see `rowsDigest`. Absent before 2026-12. */
  readonly rows?: RowsDigests | undefined;
  readonly memory?: MemoryRecord | undefined;
  /** Why the call at `home` has no recording. Absent if it has one, or if the reason is unknown. */
  readonly recording?: AbsentRecording | undefined;
  readonly lease?: Lease | undefined;
  /** Present if the conversation was deleted on purpose: it is not fetched again, and not processed. */
  readonly deleted?: Deletion | undefined;
}

/** An index, with the ETag that a conditional write needs. */
export interface FoundIndex {
  readonly index: ConversationIndex;
  /** Absent if nothing is stored yet. */
  readonly etag?: string | undefined;
  /** When it was last written. Absent if it was not read from the archive. */
  readonly writtenAt?: Date | undefined;
  /** True if the stored index cannot be parsed. `index` is then empty. */
  readonly isDamaged?: boolean;
}

/** Reads the index of a conversation. Returns an empty one if it is absent or damaged: processing rebuilds it. */
export async function readIndex(archive: Pick<Archive, "get">, conversation: string): Promise<FoundIndex> {
  const { value, ...found } = await readJson(archive, indexKey(conversation), isStoredIndex);
  return { index: value ? indexIn(value) : { conversation, objects: {}, hours: [] }, ...found };
}

function indexIn({ days, hours = days ?? [], ...index }: StoredIndex): ConversationIndex {
  return { ...index, hours };
}

/** The hour on record for rows of `hour`: their day, if an earlier version wrote them. */
export function hourOnRecord({ hours }: ConversationIndex, hour: string): string {
  const day = dateOfHour(hour);
  return !hours.includes(hour) && hours.includes(day) ? day : hour;
}

/** The hour of the rows of the call at `home`, as in `hours`. */
export function hourOfHome({ day, hour }: Home): string {
  return hour === undefined ? day : `${day}/${hour}`;
}

/**
 * Writes the index, on condition that it did not change since it was read.
 *
 * @throws PreconditionFailed if another process wrote it meanwhile.
 */
export async function writeIndex(
  archive: Pick<Archive, "put">,
  index: ConversationIndex,
  readEtag: string | undefined,
): Promise<FoundIndex> {
  return { index, etag: await writeJson(archive, indexKey(index.conversation), index, readEtag) };
}
