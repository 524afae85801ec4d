import type { ServiceRefused } from "../clients/http/service-errors.ts";
import type { Reconciled } from "./reconcile-deps.ts";

/**
 * Codes that ElevenLabs gives where it refuses the key and not the request. Seen with 401, `{"detail": {"status": …}}`, in
 * reports of 2026-02 (danielmiessler/LifeOS#667) and 2026-08 (elevenlabs/cli#126, TypeWhisper/typewhisper-mac#1113).
 */
const OF_KEY: ReadonlySet<string> = new Set(["invalid_api_key", "missing_permissions", "needs_authorization"]);

/** After as many 403 in a row the key is rejected: as many requests as are under way at once. */
const IN_A_ROW = 8;

/** Follows what becomes of one conversation after the other. */
export interface KeyWatch {
  record(reconciled: Reconciled): void;
  /** The refusal by which the key turned out to be rejected; `undefined` until then. */
  rejection(): ServiceRefused | undefined;
}

/**
 * Decides whether ElevenLabs rejects the key, or refuses only one conversation.
 *
 * A 401 is always about the key, and so is a 403 with a code for that. Any other 403 may be about its conversation, since
 * the list was given to the same key: the key is rejected when eight come in a row and no call is fetched in between.
 */
export function keyWatch(): KeyWatch {
  let rejection: ServiceRefused | undefined;
  let inARow = 0;
  return {
    record({ call, refusal }) {
      if (call === "recovered") inARow = 0;
      else if (refusal) inARow += 1;
      if (refusal && (isOfKey(refusal) || inARow >= IN_A_ROW)) rejection ??= refusal;
    },
    rejection: () => rejection,
  };
}

function isOfKey({ status, code }: ServiceRefused): boolean {
  return status === 401 || (code !== undefined && OF_KEY.has(code));
}
