import type { RawKey } from "../call/keys.ts";
import { KINDS } from "../call/kinds/registry.ts";
import type { StoredObject } from "../clients/archive/archive.ts";
import type { ObjectRecord } from "../process/conversation-index.ts";
import { damageOf } from "../process/damage.ts";
import { expectedEvent } from "../process/expected-event.ts";
import { signedBytes } from "../process/object-record.ts";
import { orUnprocessable, Unprocessable } from "../process/unprocessable.ts";
import { type ArchiveProblem, byHand, fetchable } from "./archive-finding.ts";
import type { SignatureCheckResult } from "./signature-check.ts";

/** An object as it was read, with its record. */
export interface Body {
  readonly name: RawKey;
  readonly object: StoredObject;
  readonly sha256: string;
  readonly record: ObjectRecord | undefined;
}

/**
 * What is wrong with the bytes of an object, and whether they are the processed ones, so that its outputs can be
 * checked.
 */
export interface BodyCheck {
  readonly problems: readonly ArchiveProblem[];
  readonly canCheckFurther: boolean;
}

/**
 * Checks whether the bytes of an object are those that were delivered.
 *
 * A valid signature proves it. Without one the record decides: it has the hash of the bytes that last came with a
 * signature, and whether a person accepted others. Bytes that were not uploaded, or that are no longer an event, are
 * `damaged`. Bytes without a signature in place of a signed call are `replaced`.
 */
export function checkBody(body: Body, signature: SignatureCheckResult): BodyCheck {
  const { sha256, record } = body;
  if (signature.state === "valid") return { problems: [], canCheckFurther: true };
  if (!record) return withoutRecord(body, signature);
  if (sha256 === record.sha256) return { problems: knownProblems(body, record, signature), canCheckFurther: true };
  if (sha256 === signedBytes(record)?.sha256) return { problems: [], canCheckFurther: true };
  return changed(body, record, signature);
}

function withoutRecord({ name, object, sha256 }: Body, signature: SignatureCheckResult): BodyCheck {
  const damage = damageOf(name, object, sha256, undefined);
  if (damage !== undefined) return { problems: [damaged(name, damage, undefined)], canCheckFurther: false };
  return { problems: signature.problems, canCheckFurther: signature.state === "none" };
}

/** The problems of bytes that are on record. Others may have been signed. */
function knownProblems(
  { object }: Body,
  record: ObjectRecord,
  signature: SignatureCheckResult,
): readonly ArchiveProblem[] {
  const signed = signedBytes(record);
  if (!signed || signed.sha256 === record.sha256) return signature.problems;
  if (record.accepted?.sha256 === record.sha256) {
    const what = `has bytes without a signature, accepted on ${record.accepted.at} because: ${record.accepted.reason}`;
    return [byHand("accepted", `${what}; the signed body had SHA-256 ${signed.sha256}`, "nothing")];
  }
  if (record.source === "api") {
    const what = `was fetched again on ${record.received_at}; the signed body had SHA-256 ${signed.sha256}`;
    return [byHand("fetched again", what, "nothing, or restore the signed version, if there is one")];
  }
  return [replaced(object, record.received_at, signed.sha256)];
}

/** The problems of bytes that are neither on record nor signed. */
function changed({ name, object, sha256 }: Body, record: ObjectRecord, signature: SignatureCheckResult): BodyCheck {
  const stop = (problem: ArchiveProblem): BodyCheck => ({ problems: [problem], canCheckFurther: false });
  const damage = damageOf(name, object, sha256, record);
  if (damage !== undefined) return stop(damaged(name, damage, record));
  if (signature.state === "refused") {
    const what = "has bytes that are neither on record nor covered by its signature";
    const secret = "if it was signed with a secret that is not configured, add that secret (ELEVENLABS_WEBHOOK_SECRET)";
    return stop(byHand("damaged", what, `${restoreRemedy(record)}; ${secret}`));
  }
  const event = orUnprocessable(() => expectedEvent(name, object.body));
  if (event instanceof Unprocessable) {
    return stop(byHand("damaged", `is not what is on record: ${event.message}`, restoreRemedy(record)));
  }
  if (record.accepted?.sha256 === sha256) return { problems: [], canCheckFurther: true };
  const signed = signedBytes(record);
  if (signed) {
    const at = object.lastModified.toISOString();
    return stop(replaced(object, at, signed.sha256, ", which is not processed yet"));
  }
  const what = "has other bytes than those on record: it was changed and not processed since";
  const remedy = `${restoreRemedy(record)}, or, if it was changed on purpose, process it (npm run reprocess)`;
  return stop(byHand("unprocessed", what, remedy));
}

/** A damaged object must not be moved, deleted or processed: its original bytes must be restored. */
function damaged({ kind }: RawKey, what: string, record: ObjectRecord | undefined): ArchiveProblem {
  if (!KINDS[kind].expects.isFetchable) return byHand("damaged", what, restoreRemedy(record));
  const remedy = `${restoreRemedy(record)}, or fetch it again (npm run backfill, or --fix with ELEVENLABS_API_KEY)`;
  return fetchable("damaged", what, remedy);
}

function restoreRemedy(record: ObjectRecord | undefined): string {
  const sha256 = record && (signedBytes(record) ?? record).sha256;
  return `restore the version ${sha256 === undefined ? "that was delivered" : `with SHA-256 ${sha256}`} (docs/operating.md)`;
}

function replaced({ key }: StoredObject, at: string, signed: string, state = ""): ArchiveProblem {
  const what = `was replaced on ${at} by an upload without a signature${state}; the signed body had SHA-256 ${signed}`;
  const accept = `npm run verify -- --accept ${key} --reason "…"`;
  return byHand("replaced", what, `restore the signed version (docs/operating.md), or accept this one: ${accept}`);
}
