/** How long a client of AWS waits, and how often it asks. */
interface AwsRetryOptions {
  readonly maxAttempts?: number;
  /** How long a connection may take, in milliseconds. */
  readonly connectionTimeout?: number;
  /** How long one attempt may take, in milliseconds. */
  readonly requestTimeout?: number;
}

/**
 * Options of a client of AWS that gives up on a request that hangs, and tries again what could not be done: three times,
 * unless `maxAttempts` says otherwise. The pauses between are the SDK's own: they double, at random, up to 20 s.
 *
 * The SDK's own defaults wait for an answer without end (docs.aws.amazon.com, SDK for JavaScript v3, 2026-11).
 */
export function awsRetryPolicy({
  maxAttempts = 4,
  connectionTimeout = 3_000,
  requestTimeout = 10_000,
}: AwsRetryOptions = {}) {
  return { maxAttempts, requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true } };
}
