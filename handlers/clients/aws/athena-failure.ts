import { messageOf } from "../observability/log.ts";

/** Failures that a caller handles in different ways; `other` is every other one. */
type Kind = "too large" | "throttled" | "too slow" | "other";

/** Athena refused a statement, could not finish it, or was stopped. The message has the reason and advice. */
export class AthenaFailed extends Error {
  override readonly name = "AthenaFailed";
  readonly kind: Kind;

  constructor(message: string, { kind, ...options }: ErrorOptions & { readonly kind?: Kind } = {}) {
    super(message, options);
    this.kind = kind ?? kindOf(message);
  }
}

/** Athena's messages at the limit of a workgroup and at the quotas of an account. */
const TOO_LARGE = /bytes scanned limit/i;
const THROTTLED = /TooManyRequests|throttl|rate exceeded/i;

function kindOf(message: string): Kind {
  return TOO_LARGE.test(message) ? "too large" : THROTTLED.test(message) ? "throttled" : "other";
}

/**
 * Advice for messages of Athena and the SDK. The first pattern that matches applies.
 *
 * From docs.aws.amazon.com/athena (error reference, data usage controls) and the SDK's own errors, 2026-11.
 */
const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    TOO_LARGE,
    "The workgroup stops a query that would read more than its limit. Query fewer days, or raise queryLimitGigabytes in infrastructure/aws/stages.ts and deploy.",
  ],
  [
    /could not load credentials|CredentialsProviderError|security token|token .*(invalid|expired)|session has expired/i,
    "Log in to AWS (`aws sso login`), or set AWS_PROFILE.",
  ],
  [/region is missing/i, "Set AWS_REGION to the region of the stack."],
  [
    /not authorized|access ?denied|insufficient permissions?/i,
    "Attach the policy in the stack's output AnalystsPolicyArn to the role that you use.",
  ],
  [/workgroup .*(not found|does not exist)/i, "Check its name, and the region (AWS_REGION)."],
  [
    /(TABLE|SCHEMA|CATALOG|COLUMN)_NOT_FOUND|does not exist|EntityNotFound/i,
    "A deployment creates the views: deploy the version of the archive that has these queries.",
  ],
  [THROTTLED, "Too many queries run at once: try again in a minute."],
];

/** The error for a statement that ended in `state`, with Athena's reason. */
export function failureOf(state: string | undefined, reason = "no reason given"): AthenaFailed {
  return new AthenaFailed(withAdvice(`Athena could not run a statement: ${state?.toLowerCase()}, ${reason}`));
}

/** `error` as an `AthenaFailed` with advice. An `AthenaFailed` is returned unchanged. */
export function asAthenaFailure(error: unknown): AthenaFailed {
  if (error instanceof AthenaFailed) return error;
  const name = error instanceof Error && error.name !== "Error" ? `${error.name}, ` : "";
  return new AthenaFailed(withAdvice(`Athena refused a statement: ${name}${messageOf(error)}`), { cause: error });
}

function withAdvice(message: string): string {
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(message)) ?? [];
  return advice === undefined ? message : `${message}${/[.!?]$/.test(message) ? "" : "."} ${advice}`;
}
