import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { s3Archive } from "../../../handlers/clients/archive/s3-archive.client.ts";
import { awsRetryPolicy } from "../../../handlers/clients/aws/aws-retry-policy.ts";
import { markWholeDay } from "../../../handlers/compact/dirty-marks.ts";
import { secretsIn } from "../../../handlers/receive/secrets-in.ts";
import { MEMORY_KEY } from "../../aws/outputs.ts";
import type { Settings } from "../../local/settings.ts";
import type { Workplace } from "./installation.ts";
import { type StackOutputs, stackOutputs } from "./stack-outputs.client.ts";

/** The archive that is deployed as a stack, and what the stack says of itself. */
export interface StackInstallation extends Workplace {
  readonly outputs: StackOutputs;
  /** How the memory service is reached; `undefined` where the stack remembers nobody. */
  memoryService(): Promise<Settings["memoryService"]>;
}

/**
 * The archive that is deployed as `stackName`, in the region and with the rights of the environment. S3 tells its
 * processor of what is put there. Keys and secrets of the settings come before those of the stack.
 *
 * @throws WrongUsage if there is no such stack, or it is not an archive.
 */
export async function stackInstallation(stackName: string, settings: Settings): Promise<StackInstallation> {
  const outputs = await stackOutputs(stackName);
  const analytics = s3Archive(outputs.output("AnalyticsBucketName"));
  return {
    name: `the stack ${stackName}`,
    outputs,
    archive: s3Archive(outputs.output("ArchiveBucketName")),
    isCopy: async () => false,
    analytics,
    async webhookSecrets() {
      if (settings.webhookSecrets.length > 0) return settings.webhookSecrets;
      return secretsIn(await secretValue(outputs.output("WebhookSecretArn")));
    },
    async elevenLabs() {
      const arn = outputs.optional("ElevenLabsSecretArn");
      if (settings.elevenLabs || arn === undefined) return settings.elevenLabs;
      return { apiKey: await secretValue(arn) };
    },
    async memoryService() {
      const arn = outputs.optional(MEMORY_KEY);
      if (settings.memoryService || arn === undefined) return settings.memoryService;
      return { apiKey: await secretValue(arn) };
    },
    remembers: outputs.optional(MEMORY_KEY) !== undefined,
    process: () => {},
    pending: 0,
    processed: async () => ({ by: `the processor of the stack ${stackName}`, givenUp: 0 }),
    isHere: false,
    isExclusive: true,
    async rebuild(day) {
      if (day !== undefined) await markWholeDay(analytics, day);
      return `the compactor of the stack ${stackName}`;
    },
    close: async () => {},
  };
}

/** A secret of Secrets Manager. */
export async function secretValue(SecretId: string): Promise<string> {
  const { SecretString = "" } = await new SecretsManagerClient(awsRetryPolicy()).send(
    new GetSecretValueCommand({ SecretId }),
  );
  return SecretString;
}
