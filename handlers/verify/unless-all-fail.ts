import { messageOf } from "../clients/observability/log.ts";
import { byHand, findingsAt, type Verified, verified } from "./archive-finding.ts";

/** How many objects must fail until all others are expected to fail, too: as many as are checked at once. */
const FAILURES_OF_ALL = 16;

/** The result of checking one object: findings, nothing, or why it could not be verified. */
export type Attempt = Verified | CheckError | undefined;

/** An object that could not be verified. */
interface CheckError {
  readonly key: string;
  readonly error: unknown;
}

/** Checks one object. An unexpected error becomes the result of this object, and the run continues. */
export async function attemptCheck(
  key: string,
  check: () => Promise<Verified | undefined> | Verified | undefined,
): Promise<Attempt> {
  try {
    return await check();
  } catch (error) {
    return { key, error };
  }
}

/**
 * Yields the results. An object that could not be verified becomes a finding, and the next one follows.
 *
 * @throws the first error, if the first 16 objects fail, or all: then the cause is common to all (no permission, no
 *   secret).
 */
export async function* unlessAllFail(attempts: AsyncIterable<Attempt>): AsyncGenerator<Verified> {
  let failed: CheckError[] | undefined = [];
  for await (const attempt of attempts) {
    if (!attempt) continue;
    if (!("error" in attempt)) {
      yield* (failed ?? []).map(unverified);
      failed = undefined;
      yield attempt;
    } else if (!failed) yield unverified(attempt);
    else {
      failed.push(attempt);
      if (failed.length >= FAILURES_OF_ALL) throw failed[0]?.error;
    }
  }
  if (failed?.[0]) throw failed[0].error;
}

function unverified({ key, error }: CheckError): Verified {
  const what = `could not be verified: ${messageOf(error)}`;
  const remedy = "remove the cause that the message names, then run npm run verify again";
  return verified(key, findingsAt(key, [byHand("not verified", what, remedy)]));
}
