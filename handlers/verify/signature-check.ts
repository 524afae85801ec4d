import type { StoredObject } from "../clients/archive/archive.ts";
import { verifySignature } from "../receive/signature.ts";
import { type ArchiveProblem, byHand } from "./archive-finding.ts";

/** What the signature says that came with an object. None comes with what was fetched or put by hand. */
export interface SignatureCheckResult {
  readonly state: "valid" | "none" | "refused";
  readonly problems: readonly ArchiveProblem[];
}

/**
 * Says whether the signature that was kept with `object` is valid over the bytes that are there. When it was signed does
 * not matter: the receiver saw to that.
 *
 * If it is not, only what is on record can tell why: the same bytes were accepted once, so the secret is another one
 * now. `areOnRecord` is `undefined` where nothing is.
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

/** Other bytes than those on record are judged with the record: see body-check.ts. */
function refused(areOnRecord: boolean | undefined): ArchiveProblem[] {
  const secret = "set the secret that it was signed with beside the others (ELEVENLABS_WEBHOOK_SECRET)";
  if (areOnRecord) {
    return [byHand("signature", "is signed with none of the secrets at hand; the bytes are those on record", secret)];
  }
  if (areOnRecord === false) return [];
  const what = "has bytes that its signature does not cover: they were changed, or the secret is not at hand";
  return [byHand("signature", what, `restore the version that was delivered (docs/operating.md), or ${secret}`)];
}
