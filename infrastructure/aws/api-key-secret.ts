import { SecretValue } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { KEY_NOT_SET } from "../../handlers/clients/credentials/api-key.ts";
import { acknowledge } from "./acknowledge.ts";

/**
 * A secret for the API key of `service`, which a person puts there after the deployment.
 *
 * Until then it holds a text that no key can be, so that what needs it fails and is kept for later, and nothing
 * is silently left out.
 */
export function apiKeySecret(scope: Construct, id: string, service: string, key: IKey | undefined): Secret {
  const secret = new Secret(scope, `${id}Secret`, {
    description: `The API key of ${service}. Nothing works with it until it is set.`,
    secretStringValue: SecretValue.unsafePlainText(KEY_NOT_SET),
    ...(key && { encryptionKey: key }),
  });
  acknowledge(secret, "AwsSolutions-SMG4", `${service} makes this key and has no call to rotate it`);
  return secret;
}
