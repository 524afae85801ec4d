/** The timeouts and the attempts of an AWS client. */
export interface AwsRetryOptions {
  readonly maxAttempts?: number;
  /** How long a connection may take, in milliseconds. */
  readonly connectionTimeout?: number;
  /** How long one attempt may take, in milliseconds. */
  readonly requestTimeout?: number;
}

/**
 * How long an attempt to move an object may take, in milliseconds: long enough for a part over a slow connection, and
 * shorter than the timeout of a function.
 */
export const OBJECT_TIMEOUT_MS = 30_000;

/**
 * Options of an AWS client that limit the time of a request, and retry one that fails: three times, unless
 * `maxAttempts` is given. The SDK sets the pauses: they double, with jitter, up to 20 s.
 *
 * By default the SDK waits for an answer without limit (docs.aws.amazon.com, SDK for JavaScript v3, 2026-11).
 */
export function awsRetryPolicy({
  maxAttempts = 4,
  connectionTimeout = 3_000,
  requestTimeout = 10_000,
}: AwsRetryOptions = {}) {
  return { maxAttempts, requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true } };
}
