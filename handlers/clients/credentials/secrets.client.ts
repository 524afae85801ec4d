import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { awsRetryPolicy } from "../aws/aws-retry-policy.ts";

/** How long a secret is cached, in seconds. A rotated one is used everywhere after five minutes at the latest. */
const MAX_AGE_SECONDS = 240;

/**
 * A secret of Secrets Manager, read at the first use and again every four minutes.
 *
 * If a later read fails, the last known value is used: a call must not be lost because of it.
 */
export function cachedSecret(
  arn: string,
  client = new SecretsManagerClient(
    awsRetryPolicy({ maxAttempts: 3, connectionTimeout: 2_000, requestTimeout: 3_000 }),
  ),
): () => Promise<string> {
  const provider = new SecretsProvider({ awsSdkV3Client: client });
  let last: string | undefined;
  return async () => {
    try {
      last = String(await provider.get(arn, { maxAge: MAX_AGE_SECONDS, throwOnMissing: true }));
    } catch (error) {
      if (last === undefined) throw new Error(`the secret ${arn} cannot be read`, { cause: error });
    }
    return last;
  };
}
