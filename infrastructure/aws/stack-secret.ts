import { SecretValue, Stack } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Secret, type SecretProps } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { KEY_NOT_SET } from "../../handlers/clients/credentials/api-key.ts";
import { acknowledge } from "./acknowledge.ts";
import type { ViaService } from "./encryption.ts";
import { parameterNameOf, type SecretName, type SecretStore } from "./secret-names.ts";

/** A secret that a person stores after the deployment. Functions read it by its ARN, which names the store, too. */
export interface StackSecret {
  readonly arn: string;
  /** The right that a function needs on this ARN. */
  readonly readAction: "ssm:GetParameter" | "secretsmanager:GetSecretValue";
}

/** Where the secrets of a stage are, and the customer managed key that encrypts them, if there is one. */
export interface SecretOptions {
  readonly store: SecretStore;
  readonly key: IKey | undefined;
}

/** The service that uses the customer managed key when a function reads a secret. */
export function serviceOf(store: SecretStore): ViaService {
  return store === "parameter-store" ? "ssm" : "secretsmanager";
}

/**
 * The secret `name` of this stack.
 *
 * In Parameter Store it is not a resource of the stack, because CloudFormation cannot create a SecureString
 * (docs.aws.amazon.com, AWS::SSM::Parameter, 2026-11): `npm run secret` creates it. Until then, a function that needs it
 * fails and is retried. In Secrets Manager an API key is a text that is no valid key until it is set. A webhook secret is
 * random until then, so no signature is valid.
 */
export function stackSecret(scope: Construct, name: SecretName, { store, key }: SecretOptions): StackSecret {
  if (store === "secrets-manager")
    return { arn: managedSecret(scope, name, key).secretArn, readAction: "secretsmanager:GetSecretValue" };
  const stack = Stack.of(scope);
  const resource = `parameter${parameterNameOf(stack.stackName, name)}`;
  return { arn: stack.formatArn({ service: "ssm", resource }), readAction: "ssm:GetParameter" };
}

const API_KEY: SecretProps = { secretStringValue: SecretValue.unsafePlainText(KEY_NOT_SET) };

/** A change of an id or of the first value replaces the secrets that stacks have. */
const MANAGED: Readonly<Record<SecretName, SecretProps & { readonly id: string }>> = {
  webhook: {
    id: "WebhookSecret",
    description:
      "The secrets that ElevenLabs signs webhooks with, separated by commas. Until it is set, no signature is valid.",
  },
  elevenlabs: {
    id: "ElevenLabsSecret",
    description: "The API key of ElevenLabs. Until it is set, the steps that need it fail.",
    ...API_KEY,
  },
  mem0: {
    id: "Mem0Secret",
    description: "The API key of Mem0. Until it is set, the steps that need it fail.",
    ...API_KEY,
  },
};

function managedSecret(scope: Construct, name: SecretName, key: IKey | undefined): Secret {
  const { id, ...props } = MANAGED[name];
  const secret = new Secret(scope, id, { ...props, ...(key && { encryptionKey: key }) });
  acknowledge(secret, "AwsSolutions-SMG4", "Its issuer has no API to rotate it");
  return secret;
}
