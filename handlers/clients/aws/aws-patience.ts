/**
 * Options of a client of AWS that gives up on a request that hangs, and tries again what could not be done.
 *
 * The SDK's own defaults wait for an answer without end (docs.aws.amazon.com, SDK for JavaScript v3, 2026-11).
 */
export function awsPatience(maxAttempts: number, connectionTimeout: number, requestTimeout: number) {
  return { maxAttempts, requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true } };
}
