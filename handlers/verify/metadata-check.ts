import type { ObjectHead, StoredObject } from "../clients/archive/archive.ts";
import type { ObjectRecord } from "../process/conversation-index.ts";
import { type ArchiveProblem, byHand, repairableBy } from "./archive-finding.ts";
import { knownSignature } from "./restore-metadata.ts";

/**
 * Returns what is wrong with the metadata of a delivered object. `record` is the index's record of these very bytes;
 * `undefined` if there is none.
 *
 * The source and the time of the bytes can be restored from the record. The signature can be restored only if the
 * damaged text still has one that is valid over the bytes.
 */
export async function checkMetadata(
  object: StoredObject,
  record: ObjectRecord | undefined,
  secrets: () => Promise<readonly string[]>,
): Promise<ArchiveProblem[]> {
  if (object.damagedMetadata === undefined) return record ? lostSignature(object, record) : [];
  const what = "has damaged metadata: the source and the time of its bytes are missing";
  if (!record)
    return [byHand("metadata", `${what}, and no index has them`, "restore the metadata (docs/operating.md)")];
  const isLost = record.source === "webhook" && (await knownSignature(object, secrets)) === undefined;
  const signature = isLost ? ". The signature is lost; the bytes are those that were received" : "";
  return [repairableBy("metadata", "metadata", `${what}${signature}`, "restore it (--fix)")];
}

/**
 * Returns what is wrong with the metadata of an MP3 that is known to be the stored one. Only an older entry can be
 * damaged.
 */
export function checkMp3Metadata({ damagedMetadata }: ObjectHead): ArchiveProblem[] {
  if (damagedMetadata === undefined) return [];
  const what = "has a recording beside it whose metadata is partly damaged";
  return [repairableBy("metadata", "metadata", what, "restore it (--fix)")];
}

function lostSignature({ metadata }: StoredObject, { source }: ObjectRecord): ArchiveProblem[] {
  if (source !== "webhook" || metadata["elevenlabs-signature"] !== undefined) return [];
  const what = "was delivered with a signature that is missing now; the bytes are those that were received";
  return [byHand("signature lost", what, "nothing: only a backup can have the signature")];
}
