import type { Step } from "../call/kinds/kind.ts";
import { KINDS, type KindName } from "../call/kinds/registry.ts";
import { type ObjectHead, REDO } from "../clients/archive/archive.ts";
import { nextFetchTime } from "./absent-recording.ts";
import type { ConversationIndex, ObjectRecord, SignedBytes } from "./conversation-index.ts";

/**
 * The steps of an object that remain, according to its record.
 *
 * - A repeated delivery of processed bytes: the steps that are not done.
 * - The same upload (a repeated event, a retry): the steps that are not done.
 * - The same bytes, put again with steps to redo in the metadata: those, and the steps that are not done.
 * - Anything else is new, or was put by a person: all steps.
 */
export function remainingSteps(
  kind: KindName,
  object: Pick<ObjectHead, "version" | "metadata">,
  sha256: string | undefined,
  record: ObjectRecord | undefined,
): readonly Step[] {
  const done = record ? stillDone(object, sha256, record) : [];
  return KINDS[kind].steps.filter((step) => !done.includes(step));
}

/**
 * Whether an object is done: no step remains, and its bytes are on record. An object without steps must be recorded,
 * too.
 */
export function isDone(
  { version }: Pick<ObjectHead, "version">,
  sha256: string | undefined,
  remaining: readonly Step[],
  record: ObjectRecord | undefined,
): boolean {
  const isOnRecord = record !== undefined && (isSameUpload(record, version) || record.sha256 === sha256);
  return remaining.length === 0 && isOnRecord;
}

/**
 * Whether a record is of this upload. In a folder, the version of an upload is its time in nanoseconds. In records from
 * before 2026-12 the file's inode follows.
 */
export function isSameUpload({ version: recorded }: Pick<ObjectRecord, "version">, version: string): boolean {
  return recorded === version || (/^\d{16,}$/.test(version) && recorded.startsWith(`${version}-`));
}

/**
 * When the recording of a call is requested next, if nothing else remains for this upload. `undefined` if other steps
 * remain, or if a request failed and is retried now.
 */
export function waitsUntil(
  { key, version }: Pick<ObjectHead, "key" | "version">,
  remaining: readonly Step[],
  { home, objects, recording }: ConversationIndex,
): Date | undefined {
  const record = objects[key];
  const isOnlyAudio = remaining.length === 1 && remaining[0] === "audio" && home?.key === key;
  if (!isOnlyAudio || !record || !isSameUpload(record, version) || record.failed || record.overtaken) return undefined;
  return nextFetchTime(recording);
}

function stillDone(
  { version, metadata }: Pick<ObjectHead, "version" | "metadata">,
  sha256: string | undefined,
  record: ObjectRecord,
): readonly Step[] {
  if (isSameUpload(record, version)) return record.done;
  if (record.sha256 !== sha256) return [];
  if (metadata["source"] === "webhook") return record.done;
  const redo = metadata[REDO]?.split(",");
  return redo ? record.done.filter((step) => !redo.includes(step)) : [];
}

/**
 * The record of an object before its `remaining` steps are done.
 *
 * The same bytes keep the time and the source of their first receipt, so that reprocessing does not change their rows.
 */
export function recordOf(
  kind: KindName,
  object: ObjectHead,
  sha256: string,
  before: ObjectRecord | undefined,
  remaining: readonly Step[],
): ObjectRecord {
  const sameBytes = before?.sha256 === sha256 ? before : undefined;
  const came = {
    sha256,
    version: object.version,
    received_at: sameBytes?.received_at ?? receivedAt(object).toISOString(),
    source: sameBytes?.source ?? sourceOf(object),
  };
  const signed = lastSigned(object, came, before);
  return {
    ...came,
    done: KINDS[kind].steps.filter((step) => !remaining.includes(step)),
    ...(signed && { signed }),
    ...(before?.accepted?.sha256 === sha256 && { accepted: before.accepted }),
  };
}

/** The bytes that last arrived with a signature under the key of a record; `undefined` if there are none. */
export function signedBytes({ signed, source, sha256, received_at }: ObjectRecord): SignedBytes | undefined {
  return signed ?? (source === "webhook" ? { sha256, received_at } : undefined);
}

/** The signed bytes to keep in a record; `undefined` if they are those of the record itself. */
function lastSigned(
  { metadata }: Pick<ObjectHead, "metadata">,
  { sha256, received_at, source }: Pick<ObjectRecord, "sha256" | "received_at" | "source">,
  before: ObjectRecord | undefined,
): SignedBytes | undefined {
  const own = { sha256, received_at };
  const known = before && signedBytes(before);
  // Without `source`, a person put the object and may have copied the signature from other bytes.
  const last = metadata["source"] === "webhook" ? own : (known ?? (metadata["elevenlabs-signature"] ? own : undefined));
  return source === "webhook" && last?.sha256 === sha256 ? undefined : last;
}

/** When an object was received, from its metadata; else when it was last modified. */
export function receivedAt({ metadata, lastModified }: Pick<ObjectHead, "metadata" | "lastModified">): Date {
  const stated = new Date(metadata["received-at"] ?? Number.NaN);
  return Number.isNaN(stated.getTime()) ? lastModified : stated;
}

function sourceOf({ metadata: { source } }: ObjectHead): ObjectRecord["source"] {
  return source === "webhook" || source === "api" ? source : "re-upload";
}
