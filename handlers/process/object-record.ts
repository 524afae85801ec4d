import type { Step } from "../call/kinds/kind.ts";
import { KINDS, type KindName } from "../call/kinds/registry.ts";
import { type ObjectHead, REDO } from "../clients/archive/archive.ts";
import { nextFetchTime } from "./absent-recording.ts";
import type { ConversationIndex, ObjectRecord, SignedBytes } from "./conversation-index.ts";

/**
 * What is still to be done with an object, given what is on record.
 *
 * - A repeated delivery of bytes that were processed: only what failed then.
 * - The same upload again (a repeated event, a retry): only what failed then.
 * - The same bytes uploaded again with word of what to redo: that, and what was never done.
 * - Anything else was put there by a person or is new: everything.
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
 * Whether there is nothing to do with an object: nothing remains, and its bytes are on record. What has no steps is only
 * recorded.
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
 * Whether a record is of this upload. In a folder an upload is named by its time in nanoseconds; records from before
 * 2026-12 have the file's inode behind it.
 */
export function isSameUpload({ version: recorded }: Pick<ObjectRecord, "version">, version: string): boolean {
  return recorded === version || (/^\d{16,}$/.test(version) && recorded.startsWith(`${version}-`));
}

/**
 * When the recording of a call is asked for again, if that is all that is left to do with this upload of it; `undefined`
 * if there is more to do, or asking failed and is to be tried again now.
 */
export function waitsUntil(
  { key, version }: Pick<ObjectHead, "key" | "version">,
  remaining: readonly Step[],
  { home, objects, recording }: ConversationIndex,
): Date | undefined {
  const record = objects[key];
  const isAllThatIsLeft = remaining.length === 1 && remaining[0] === "audio" && home?.key === key;
  if (!isAllThatIsLeft || !record || !isSameUpload(record, version) || record.failed || record.overtaken)
    return undefined;
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
 * The record of an object whose `remaining` steps are about to be done.
 *
 * The same bytes keep the time and the way they first came, however often they are uploaded again: a row says
 * the same after every reprocessing.
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

/** The bytes that last came with a signature under the key of a record, if any did. */
export function signedBytes({ signed, source, sha256, received_at }: ObjectRecord): SignedBytes | undefined {
  return signed ?? (source === "webhook" ? { sha256, received_at } : undefined);
}

/** What a record has to remember of signed bytes: nothing where its own came by webhook. */
function lastSigned(
  { metadata }: Pick<ObjectHead, "metadata">,
  { sha256, received_at, source }: Pick<ObjectRecord, "sha256" | "received_at" | "source">,
  before: ObjectRecord | undefined,
): SignedBytes | undefined {
  const own = { sha256, received_at };
  const known = before && signedBytes(before);
  // Without `source`, a signature was kept by a person who uploaded the object: it may be of other bytes.
  const last = metadata["source"] === "webhook" ? own : (known ?? (metadata["elevenlabs-signature"] ? own : undefined));
  return source === "webhook" && last?.sha256 === sha256 ? undefined : last;
}

/** When an object came, as its metadata states it; else when it was put there. */
export function receivedAt({ metadata, lastModified }: Pick<ObjectHead, "metadata" | "lastModified">): Date {
  const stated = new Date(metadata["received-at"] ?? Number.NaN);
  return Number.isNaN(stated.getTime()) ? lastModified : stated;
}

function sourceOf({ metadata: { source } }: ObjectHead): ObjectRecord["source"] {
  return source === "webhook" || source === "api" ? source : "re-upload";
}
