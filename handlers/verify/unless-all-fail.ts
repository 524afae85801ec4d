import { messageOf } from "../clients/observability/log.ts";
import { byHand, findingsAt, type Verified, verified } from "./archive-finding.ts";

/** As many as are looked at together: if all of them fail, so would the rest. */
const SURE = 16;

/** What came of one object: what was found, nothing, or why it could not be verified. */
export type Attempt = Verified | CheckError | undefined;

/** An object that could not be verified. */
interface CheckError {
  readonly key: string;
  readonly error: unknown;
}

/** Looks at one object. An unexpected error is what came of this object, and ends nothing. */
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
 * Passes on what was found. An object that could not be verified is a finding, and the next one follows.
 *
 * @throws the first error, if the first 16 objects fail, or all: then it is not about one object, but about all of them
 * (no right to read, no secret).
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
      if (failed.length >= SURE) throw failed[0]?.error;
    }
  }
  if (failed?.[0]) throw failed[0].error;
}

function unverified({ key, error }: CheckError): Verified {
  const what = `could not be verified: ${messageOf(error)}`;
  const remedy = "remove the cause that the message names, then run npm run verify again";
  return verified(key, findingsAt(key, [byHand("not verified", what, remedy)]));
}
