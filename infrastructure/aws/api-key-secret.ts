import { SecretValue } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { KEY_NOT_SET } from "../../handlers/clients/credentials/api-key.ts";
import { acknowledge } from "./acknowledge.ts";

/**
 * A secret for the API key of `service`, which a person sets after the deployment.
 *
 * Until then it contains a text that is no valid key. So the steps that need the key fail and are retried, and none is
 * skipped silently.
 */
export function apiKeySecret(scope: Construct, id: string, service: string, key: IKey | undefined): Secret {
  const secret = new Secret(scope, `${id}Secret`, {
    description: `The API key of ${service}. Until it is set, the steps that need it fail.`,
    secretStringValue: SecretValue.unsafePlainText(KEY_NOT_SET),
    ...(key && { encryptionKey: key }),
  });
  acknowledge(secret, "AwsSolutions-SMG4", `${service} issues this key and has no API to rotate it`);
  return secret;
}
