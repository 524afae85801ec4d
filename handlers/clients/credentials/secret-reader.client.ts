import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { at, text } from "../../call/json.ts";
import { awsEndpoint } from "../aws/aws-endpoint.client.ts";
import { AwsRefusal } from "../aws/aws-refusal.ts";
import type { AwsRetryOptions } from "../aws/aws-retry-policy.ts";
import { signedRequests } from "../aws/signed-requests.client.ts";
import { KeyNotSet } from "./api-key.ts";
import { parameterNameIn } from "./parameter-name.ts";
import { SecretStoreFailed } from "./secret-store-failed.ts";

/** Four attempts take less than the 20 seconds in which the receiver must answer. */
const RETRIES = { maxAttempts: 4, connectionTimeout: 2_000, requestTimeout: 3_000 };

/** AWS's names of the error for a secret that does not exist. */
export const SECRET_NOT_FOUND: readonly string[] = ["ParameterNotFound", "ResourceNotFoundException"];

/**
 * Returns a function that reads the secret with this ARN, with the role of this Lambda function: a parameter of Systems
 * Manager, or a secret of Secrets Manager.
 *
 * @throws KeyNotSet if there is no value.
 * @throws SecretStoreFailed if it cannot be read.
 */
export function secretReader(arn: string, retries: AwsRetryOptions = RETRIES): () => Promise<string> {
  const name = parameterNameIn(arn);
  const read = name === undefined ? readSecret(arn, retries) : readParameter(name, retries);
  return async () => {
    try {
      const value = await read();
      if (value === null) throw new KeyNotSet(`${name ?? arn} has no value: npm run secret stores it`);
      return value;
    } catch (error) {
      if (error instanceof KeyNotSet) throw error;
      if (error instanceof AwsRefusal && SECRET_NOT_FOUND.includes(error.name))
        throw new KeyNotSet(`${name ?? arn} is not set yet: npm run secret stores it`, { cause: error });
      throw new SecretStoreFailed("read", name ?? arn, error);
    }
  };
}

function readSecret(SecretId: string, retries: AwsRetryOptions): () => Promise<string | null> {
  const request = jsonRequests("secretsmanager", "secretsmanager.GetSecretValue", retries);
  return async () => {
    const answer = await request({ SecretId });
    const bytes = text(at(answer, "SecretBinary"));
    return text(at(answer, "SecretString")) ?? (bytes && Buffer.from(bytes, "base64").toString());
  };
}

function readParameter(Name: string, retries: AwsRetryOptions): () => Promise<string | null> {
  const request = jsonRequests("ssm", "AmazonSSM.GetParameter", retries);
  return async () => text(at(await request({ Name, WithDecryption: true }), "Parameter", "Value"));
}

/** Returns a function that makes requests for one operation, in AWS's JSON 1.1 protocol. */
function jsonRequests(service: "secretsmanager" | "ssm", operation: string, retries: AwsRetryOptions) {
  const send = signedRequests({ service, endpoint: awsEndpoint(service), retries });
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": operation };
  return async (input: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const answer = await send({ method: "POST", path: "/", headers, body: Buffer.from(JSON.stringify(input)) });
    return parsedJson(answer.toString(), () => {
      // The parser's error would quote the text, which contains the secret.
      throw new Error("the answer is not JSON");
    });
  };
}
