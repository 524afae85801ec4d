import { ParameterNotFoundError } from "@aws-lambda-powertools/parameters/errors";
import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { SSMProvider } from "@aws-lambda-powertools/parameters/ssm";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { awsRetryPolicy } from "../aws/aws-retry-policy.ts";
import { KeyNotSet } from "./api-key.ts";
import { parameterNameIn } from "./parameter-name.ts";
import { SecretStoreFailed } from "./secret-store-failed.ts";

/** The clients of the two stores. Default: those of the environment. */
export interface SecretClients {
  readonly ssm?: SSMClient;
  readonly secretsManager?: SecretsManagerClient;
}

/** Four attempts take less than the 20 seconds in which the receiver must answer. */
const RETRIES = { maxAttempts: 4, connectionTimeout: 2_000, requestTimeout: 3_000 };

/**
 * Returns a function that reads the secret with this ARN: a parameter of Systems Manager, or a secret of Secrets
 * Manager. A value is cached for `maxAge` seconds.
 *
 * @throws KeyNotSet if there is no value.
 * @throws SecretStoreFailed if it cannot be read.
 */
export function secretReader(arn: string, maxAge: number, clients: SecretClients = {}): () => Promise<string> {
  const name = parameterNameIn(arn);
  const read = name === undefined ? secretOf(arn, maxAge, clients) : parameterOf(name, maxAge, clients);
  return async () => {
    try {
      const value = await read();
      return typeof value === "string" ? value : Buffer.from(value).toString();
    } catch (error) {
      if (error instanceof ParameterNotFoundError)
        throw new KeyNotSet(`${name ?? arn} is not set yet: npm run secret stores it`, { cause: error });
      throw new SecretStoreFailed("read", name ?? arn, error);
    }
  };
}

function secretOf(arn: string, maxAge: number, { secretsManager }: SecretClients) {
  const awsSdkV3Client = secretsManager ?? new SecretsManagerClient(awsRetryPolicy(RETRIES));
  const provider = new SecretsProvider({ awsSdkV3Client });
  return () => provider.get(arn, { maxAge, throwOnMissing: true });
}

function parameterOf(name: string, maxAge: number, { ssm }: SecretClients) {
  const awsSdkV3Client = ssm ?? new SSMClient(awsRetryPolicy(RETRIES));
  const provider = new SSMProvider({ awsSdkV3Client });
  return () => provider.get(name, { maxAge, throwOnMissing: true, decrypt: true });
}
