import { messageOf } from "../observability/log.ts";

/** Athena refused a statement, could not finish it, or was stopped. The message says which, and what to do. */
export class AthenaFailed extends Error {
  override readonly name = "AthenaFailed";
}

/**
 * What Athena and the SDK say, and what a person can do about it; the first that fits.
 *
 * From docs.aws.amazon.com/athena (error reference, data usage controls) and the SDK's own errors, 2026-11.
 */
const ADVICE: readonly (readonly [said: RegExp, advice: string])[] = [
  [
    /bytes scanned limit/i,
    "The workgroup stops a query that would read more than its limit. Ask for fewer days, or raise queryLimitGigabytes in infrastructure/aws/stages.ts and deploy.",
  ],
  [
    /could not load credentials|CredentialsProviderError|security token|token .*(invalid|expired)|session has expired/i,
    "Log in to AWS (`aws sso login`), or set AWS_PROFILE.",
  ],
  [/region is missing/i, "Set AWS_REGION to the region of the stack."],
  [
    /not authorized|access ?denied|insufficient permissions?/i,
    "Whoever asks needs the policy that the stack names as AnalystsPolicyArn.",
  ],
  [/workgroup .*(not found|does not exist)/i, "Is the name right, and the region (AWS_REGION)?"],
  [
    /(TABLE|SCHEMA|CATALOG|COLUMN)_NOT_FOUND|does not exist|EntityNotFound/i,
    "The views are made when the stack is deployed: deploy the version of the archive that the queries are of.",
  ],
  [/TooManyRequests|throttl|rate exceeded/i, "Others are asking, too: try again in a minute."],
];

/** The failure of a statement that ended in `state`, for Athena's reason. */
export function failureOf(state: string | undefined, reason = "no reason given"): AthenaFailed {
  return new AthenaFailed(withAdvice(`Athena could not run a statement: ${state?.toLowerCase()}, ${reason}`));
}

/** What was thrown while a statement was run, in words that help; what has them already stays as it is. */
export function asAthenaFailure(error: unknown): AthenaFailed {
  if (error instanceof AthenaFailed) return error;
  const name = error instanceof Error && error.name !== "Error" ? `${error.name}, ` : "";
  return new AthenaFailed(withAdvice(`Athena refused a statement: ${name}${messageOf(error)}`), { cause: error });
}

function withAdvice(message: string): string {
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(message)) ?? [];
  return advice === undefined ? message : `${message}${/[.!?]$/.test(message) ? "" : "."} ${advice}`;
}
