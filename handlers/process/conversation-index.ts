import { indexKey } from "../call/keys.ts";
import type { Step } from "../call/kinds/kind.ts";
import type { Archive } from "../clients/archive/archive.ts";
import { readJson, writeJson } from "../clients/archive/json-object.ts";
import type { Lease } from "../clients/lease.ts";
import type { AbsentRecording } from "./absent-recording.ts";
import { isIndex } from "./index-shape.ts";

/** What was done with one object of a conversation. */
export interface ObjectRecord {
  /** The bytes this is about. */
  readonly sha256: string;
  /** The upload this is about. */
  readonly version: string;
  /** When these bytes were first received, ISO 8601. */
  readonly received_at: string;
  readonly source: "webhook" | "api" | "re-upload";
  readonly done: readonly Step[];
  /** Whether this was done under a lease that had run out on somebody who may have written later: do it once more. */
  readonly overtaken?: boolean;
  /** Why the other steps failed when they were last tried, in words without people. Absent where none did. */
  readonly failed?: Readonly<Partial<Record<Step, string>>> | undefined;
  /** The bytes that last came with a signature under this key, where those on record came without one. */
  readonly signed?: SignedBytes;
  /** That a person accepted the bytes on record in place of the signed ones. */
  readonly accepted?: Acceptance;
}

/** Bytes that came with a valid signature. */
export interface SignedBytes {
  readonly sha256: string;
  /** ISO 8601. */
  readonly received_at: string;
}

/** That a person accepted bytes without a signature: which, when (ISO 8601), and why. */
export interface Acceptance {
  readonly sha256: string;
  readonly at: string;
  readonly reason: string;
}

/** That a person deleted a conversation on purpose: when (ISO 8601), and why. */
export interface Deletion {
  readonly at: string;
  readonly reason: string;
}

/** Where the transcription of a conversation lives, for whoever comes later with its audio. */
export interface Home {
  readonly key: string;
  /** UTC date of the call's start: the partition of its rows. */
  readonly day: string;
  readonly agent_id: string | null;
}

/** Memories that may exist. `adding`: an add was begun and nobody knows how it ended. */
export interface MemoryRecord {
  readonly state: "adding" | "accepted" | "added";
  /** Every user under whom memories of this conversation may be. */
  readonly user_ids: readonly string[];
  /** Those that the store refused for what is in them. Absent if there are none. */
  readonly refused?: readonly ("factual" | "semantic")[];
}

/** What is known of one conversation: where it lives, what was done, who works on it. Stored as JSON. */
export interface ConversationIndex {
  readonly conversation: string;
  readonly home?: Home | undefined;
  /** By key. */
  readonly objects: Readonly<Record<string, ObjectRecord>>;
  /** Every day under which rows of this conversation may be. */
  readonly days: readonly string[];
  readonly memory?: MemoryRecord | undefined;
  /** Why the call at `home` has no recording. Absent where it has one, or nothing is known. */
  readonly recording?: AbsentRecording | undefined;
  readonly lease?: Lease | undefined;
  /** Absent unless the conversation was deleted on purpose. It is then not fetched again, and not processed. */
  readonly deleted?: Deletion | undefined;
}

/** An index as read, with what a conditional write needs. */
export interface FoundIndex {
  readonly index: ConversationIndex;
  /** Absent if nothing is stored yet. */
  readonly etag?: string | undefined;
  /** When it was last written, if it was read. */
  readonly writtenAt?: Date | undefined;
  /** Whether one is stored that cannot be read: the blank one stands for it. */
  readonly isDamaged?: boolean;
}

/** Reads the index of a conversation; a blank one if there is none, or a damaged one: processing rebuilds it. */
export async function readIndex(archive: Pick<Archive, "get">, conversation: string): Promise<FoundIndex> {
  const { value, ...found } = await readJson(archive, indexKey(conversation), isIndex);
  return { index: value ?? { conversation, objects: {}, days: [] }, ...found };
}

/**
 * Writes the index, on condition that it is still the one that was read.
 *
 * @throws PreconditionFailed if somebody else wrote it meanwhile.
 */
export async function writeIndex(
  archive: Pick<Archive, "put">,
  index: ConversationIndex,
  readEtag: string | undefined,
): Promise<FoundIndex> {
  return { index, etag: await writeJson(archive, indexKey(index.conversation), index, readEtag) };
}
