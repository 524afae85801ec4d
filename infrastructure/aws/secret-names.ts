import { MEMORY_KEY } from "./outputs.ts";

/** Where the secrets of a stack are stored. */
export const SECRET_STORES = ["parameter-store", "secrets-manager"] as const;
export type SecretStore = (typeof SECRET_STORES)[number];

/** The secrets of a stack, which a person stores after the deployment, by the names that the command uses. */
export const SECRETS = {
  webhook: {
    output: "WebhookSecretArn",
    description: "The secrets that ElevenLabs signs webhooks with, separated by commas",
  },
  elevenlabs: { output: "ElevenLabsSecretArn", description: "The API key of ElevenLabs" },
  mem0: { output: MEMORY_KEY, description: "The API key of Mem0" },
} as const;

export type SecretName = keyof typeof SECRETS;

/** The names of all secrets, in the order in which they are listed. */
export const SECRET_NAMES = ["webhook", "elevenlabs", "mem0"] as const satisfies readonly SecretName[];

/**
 * The name of a secret's parameter. It depends only on the stack's name, so it is known before the deployment.
 *
 * Its first part is fixed, because no name may begin with `aws` or `ssm` (docs.aws.amazon.com, PutParameter, 2026-11).
 */
export function parameterNameOf(stackName: string, name: SecretName): string {
  return `/call-archive/${stackName}/${name}`;
}

/** The ARN of a secret's parameter in the partition, region and account of another ARN of the stack. */
export function parameterArnOf(arnOfStack: string, stackName: string, name: SecretName): string {
  const [arn, partition, , region, account] = arnOfStack.split(":");
  return [arn, partition, "ssm", region, account, `parameter${parameterNameOf(stackName, name)}`].join(":");
}
