import type { ObjectHead, StoredObject } from "../clients/archive/archive.ts";
import type { ObjectRecord } from "../process/conversation-index.ts";
import { type ArchiveProblem, byHand, repairableBy } from "./archive-finding.ts";
import { knownSignature } from "./restore-metadata.ts";

/**
 * What is wrong with the metadata of an object that was received. `record` is what the index says of these very bytes;
 * `undefined` if it says nothing of them.
 *
 * What the index knows can be written again: how the bytes came, and when. The signature only if the damaged text still
 * holds one that is valid over the bytes.
 */
export async function checkMetadata(
  object: StoredObject,
  record: ObjectRecord | undefined,
  secrets: () => Promise<readonly string[]>,
): Promise<ArchiveProblem[]> {
  if (object.damagedMetadata === undefined) return record ? lostSignature(object, record) : [];
  const what = "has damaged metadata: it no longer says how and when the bytes came";
  if (!record) return [byHand("metadata", `${what}, and no index does`, "restore the metadata (docs/operating.md)")];
  const isLost = record.source === "webhook" && (await knownSignature(object, secrets)) === undefined;
  const signature = isLost ? ". The signature is lost, and the bytes are those that were received" : "";
  return [repairableBy("metadata", "metadata", `${what}${signature}`, "have it written again (--fix)")];
}

/** What is wrong with the metadata of an MP3 that is known to be the one that was stored: only an older upload's. */
export function checkMp3Metadata({ damagedMetadata }: ObjectHead): ArchiveProblem[] {
  if (damagedMetadata === undefined) return [];
  const what = "has a recording beside it of which some metadata is damaged";
  return [repairableBy("metadata", "metadata", what, "have it written again (--fix)")];
}

function lostSignature({ metadata }: StoredObject, { source }: ObjectRecord): ArchiveProblem[] {
  if (source !== "webhook" || metadata["elevenlabs-signature"] !== undefined) return [];
  const what = "came signed, and its signature is not there any more; the bytes are those that were received";
  return [byHand("signature lost", what, "nothing: nobody but a backup has the signature")];
}
