import type { StoredObject } from "../clients/archive/archive.ts";
import { verifySignature } from "../receive/signature.ts";
import { type ArchiveProblem, byHand } from "./archive-finding.ts";

/** The state of an object's signature. An object that was fetched or put by hand has none. */
export interface SignatureCheckResult {
  readonly state: "valid" | "none" | "refused";
  readonly problems: readonly ArchiveProblem[];
}

/**
 * Checks whether the stored signature of `object` is valid over its bytes. Its age does not matter: the receiver
 * checked it.
 *
 * If it is not valid, only the record has the reason: if the same bytes were accepted before, the secret has changed
 * since. `areOnRecord` is `undefined` without a record.
 */
export async function checkSignature(
  { body, metadata }: StoredObject,
  areOnRecord: boolean | undefined,
  secrets: () => Promise<readonly string[]>,
): Promise<SignatureCheckResult> {
  const header = metadata["elevenlabs-signature"];
  if (header === undefined) return { state: "none", problems: [] };
  const { outcome } = verifySignature(header, body, await secrets(), new Date(0), 0);
  if (outcome !== "refused") return { state: "valid", problems: [] };
  return { state: "refused", problems: refused(areOnRecord) };
}

/** The problems of a refused signature. Bytes other than the recorded ones are checked in body-check.ts. */
function refused(areOnRecord: boolean | undefined): ArchiveProblem[] {
  const secret = "add the secret that it was signed with (ELEVENLABS_WEBHOOK_SECRET)";
  if (areOnRecord) {
    return [
      byHand("signature", "is signed with none of the configured secrets; the bytes are those on record", secret),
    ];
  }
  if (areOnRecord === false) return [];
  const what = "has bytes that its signature does not cover: they were changed, or the secret is not configured";
  return [byHand("signature", what, `restore the version that was delivered (docs/operating.md), or ${secret}`)];
}
