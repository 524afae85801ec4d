import type { ServiceRefused } from "../clients/http/service-errors.ts";
import type { Reconciled } from "./reconcile-deps.ts";

/**
 * ElevenLabs' codes for a refused key, as opposed to a refused request. Seen with 401, `{"detail": {"status": …}}`, in
 * reports of 2026-02 (danielmiessler/LifeOS#667) and 2026-08 (elevenlabs/cli#126, TypeWhisper/typewhisper-mac#1113).
 */
const OF_KEY: ReadonlySet<string> = new Set(["invalid_api_key", "missing_permissions", "needs_authorization"]);

/** The key counts as rejected after this number of 403 in a row: the number of concurrent requests. */
const IN_A_ROW = 8;

/** Collects the results of conversations, and detects a rejected key. */
export interface KeyWatch {
  record(reconciled: Reconciled): void;
  /** The refusal that shows that the key is rejected; `undefined` until then. */
  rejection(): ServiceRefused | undefined;
}

/**
 * Decides whether ElevenLabs rejects the key, or refuses only single conversations.
 *
 * A 401 always concerns the key, and so does a 403 with a code for keys. Any other 403 may concern its conversation,
 * because the same key could list it. After eight in a row, without a fetched call in between, the key is rejected.
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
