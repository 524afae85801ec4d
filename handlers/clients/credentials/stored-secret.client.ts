import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { awsRetryPolicy } from "../aws/aws-retry-policy.ts";
import { KEY_NOT_SET } from "./api-key.ts";
import { parameterNameIn } from "./parameter-name.ts";
import { SECRET_NOT_FOUND } from "./secret-reader.client.ts";
import { SecretStoreFailed } from "./secret-store-failed.ts";

/** AWS's own key for parameters. A role that may read a parameter needs no right to use it. */
const AWS_KEY = "alias/aws/ssm";

/**
 * Reads the secret with this ARN from its store, with the credentials of a person; `undefined` if it is not set.
 *
 * @throws SecretStoreFailed
 */
export async function storedSecret(arn: string): Promise<string | undefined> {
  const name = parameterNameIn(arn);
  try {
    const value = name === undefined ? await secretOf(arn) : await parameterOf(name);
    return value?.trim() === KEY_NOT_SET ? undefined : value;
  } catch (error) {
    if (error instanceof Error && SECRET_NOT_FOUND.includes(error.name)) return undefined;
    throw new SecretStoreFailed("read", name ?? arn, error);
  }
}

/**
 * Stores the value of the secret with this ARN, and replaces an earlier one. `kmsKey` encrypts a parameter; AWS's own
 * key by default. Secrets Manager keeps the key of the secret.
 *
 * @throws SecretStoreFailed
 */
export async function storeSecret(arn: string, value: string, kmsKey = AWS_KEY): Promise<void> {
  const name = parameterNameIn(arn);
  try {
    if (name === undefined) await putSecret(arn, value);
    else await putParameter(name, value, kmsKey);
  } catch (error) {
    throw new SecretStoreFailed("stored", name ?? arn, error);
  }
}

async function secretOf(SecretId: string) {
  const client = new SecretsManagerClient(awsRetryPolicy());
  const { SecretString, SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId }));
  return SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString());
}

async function parameterOf(Name: string) {
  const { Parameter } = await new SSMClient(awsRetryPolicy()).send(
    new GetParameterCommand({ Name, WithDecryption: true }),
  );
  return Parameter?.Value;
}

function putSecret(SecretId: string, SecretString: string) {
  return new SecretsManagerClient(awsRetryPolicy()).send(new PutSecretValueCommand({ SecretId, SecretString }));
}

function putParameter(Name: string, Value: string, KeyId: string) {
  const put = new PutParameterCommand({ Name, Value, KeyId, Type: "SecureString", Tier: "Standard", Overwrite: true });
  return new SSMClient(awsRetryPolicy()).send(put);
}
