import { DeleteObjectCommand, HeadObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { s3Archive } from "../../../../handlers/clients/archive/s3-archive.client.ts";
import { athena } from "../../../../handlers/clients/aws/athena.client.ts";
import { athenaEngine } from "../../../../handlers/clients/aws/athena-engine.ts";
import { awsRetryPolicy } from "../../../../handlers/clients/aws/aws-retry-policy.ts";
import { ruleSwitch } from "../../../../handlers/clients/aws/rule-switch.client.ts";
import { KEY_NOT_SET } from "../../../../handlers/clients/credentials/api-key.ts";
import { storedSecret } from "../../../../handlers/clients/credentials/stored-secret.client.ts";
import { memoryService } from "../../../../handlers/clients/memory/memory-service.client.ts";
import { putWholeMarker } from "../../../../handlers/compact/dirty-markers.ts";
import { wakeOnChange } from "../../../../handlers/compact/wake-on-change.ts";
import { secretsIn } from "../../../../handlers/receive/secrets-in.ts";
import { MEMORY_KEY } from "../../../aws/outputs.ts";
import type { Settings } from "../../../local/settings.ts";
import type { OpenDeployment } from "./deployment.ts";
import { type StackOutputs, stackOutputs } from "./stack-outputs.client.ts";

/** An archive that is deployed as a stack, and the stack's outputs. It is always open for changes. */
export interface StackDeployment extends OpenDeployment {
  readonly outputs: StackOutputs;
}

/**
 * Returns the archive that is deployed as `stackName`, in the region and with the credentials of the environment. Its
 * processor gets events from S3. Keys and secrets of `settings` take precedence over those of the stack.
 *
 * @throws WrongUsage if the stack does not exist or is not an archive.
 */
export async function stackDeployment(stackName: string, settings: Settings): Promise<StackDeployment> {
  const outputs = await stackOutputs(stackName);
  const { output } = outputs;
  const client = new S3Client(awsRetryPolicy({ requestTimeout: 30_000 }));
  const buckets = { archive: output("ArchiveBucketName"), analytics: output("AnalyticsBucketName") };
  const busySchedule = outputs.optional("BusyScheduleName");
  const analytics = wakeOnChange(s3Archive(buckets.analytics, client), {
    busySchedule: busySchedule === undefined ? undefined : ruleSwitch(busySchedule),
    now: () => new Date(),
    // Without the right to enable the rule, the compactor finds the change within an hour.
    log: () => {},
  });
  const places = {
    delivery: () => `the log group ${output("ReceiverLogGroup")}, and check the secret ${output("WebhookSecretArn")}`,
    processing: () =>
      `the log group ${output("ProcessorLogGroup")}, and the dead letters in ${output("DeadLettersUrl")}`,
    rows: () => `the workgroup ${output("WorkgroupName")} in Athena, and s3://${buckets.analytics}/live/`,
  };
  const stack: StackDeployment = {
    name: `the stack ${stackName}`,
    outputs,
    archive: s3Archive(buckets.archive, client),
    isCopy: async () => false,
    analytics,
    async webhookSecrets() {
      if (settings.webhookSecrets.length > 0) return settings.webhookSecrets;
      return secretsIn(await secretIn(outputs.output("WebhookSecretArn")));
    },
    async elevenLabs() {
      const arn = outputs.optional("ElevenLabsSecretArn");
      if (settings.elevenLabs || arn === undefined) return settings.elevenLabs;
      return { apiKey: await secretIn(arn) };
    },
    async memoryService() {
      const arn = outputs.optional(MEMORY_KEY);
      const options = settings.memoryService ?? (arn === undefined ? undefined : { apiKey: await secretIn(arn) });
      return options && memoryService(options);
    },
    tables: async () => athenaEngine(athena({ workgroup: output("WorkgroupName"), database: output("DatabaseName") })),
    webhookUrl: () => output("WebhookUrl"),
    async storageClass(Key) {
      const { StorageClass = "STANDARD" } = await client.send(new HeadObjectCommand({ Bucket: buckets.archive, Key }));
      return StorageClass;
    },
    purge: (from, key) => removeVersions(client, buckets[from], key),
    whereToLook: (missing) => places[missing](),
    howToWatch() {
      const dashboard = outputs.optional("DashboardUrl");
      return `watch ${output("QueueUrl")}${dashboard === undefined ? "" : ` and ${dashboard}`}`;
    },
    async redriveQueue() {
      const { stackRedriveQueue } = await import("./stack-redrive-queue.client.ts");
      return stackRedriveQueue(stack);
    },
    open: async () => stack,
    defaultCountryCode: outputs.optional("DefaultCountryCode"),
    remembers: outputs.optional(MEMORY_KEY) !== undefined,
    process: () => {},
    pending: 0,
    waitUntilProcessed: async () => ({ by: `the processor of the stack ${stackName}`, deadLettered: 0 }),
    isInProcess: false,
    isExclusive: true,
    async rebuild(hour) {
      if (hour !== undefined) await putWholeMarker(analytics, hour);
      return `the compactor of the stack ${stackName}`;
    },
    close: async () => {},
  };
  return stack;
}

/** Deletes every version of one object. The versions of one object fit into one page. */
async function removeVersions(client: S3Client, Bucket: string, key: string): Promise<void> {
  const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: key }));
  for (const { Key = "", VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
    if (Key === key) await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }
}

/** Reads a secret of the stack. A missing one is a text that no service accepts, so its use fails with the reason. */
async function secretIn(arn: string): Promise<string> {
  return (await storedSecret(arn)) ?? KEY_NOT_SET;
}
