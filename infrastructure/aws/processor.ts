import { Aws, Duration } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { type Bucket, CfnBucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { type CfnQueuePolicy, Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ProcessorVariables } from "../../handlers/process/environment.ts";
import { acknowledgeObjects } from "./acknowledge.ts";
import { ArchiveFunction } from "./archive-function.ts";
import type { Bundle } from "./bundle.client.ts";
import type { BusySchedule } from "./compactor.ts";
import { allowKey } from "./encryption.ts";
import type { SecretStore } from "./secret-names.ts";
import { type StackSecret, serviceOf, stackSecret } from "./stack-secret.ts";

export interface ProcessorProps {
  readonly archive: Bucket;
  readonly analytics: Bucket;
  readonly bundle: Bundle;
  /** Whether memories of callers are stored in Mem0. */
  readonly remember: boolean;
  /** Whether recordings are fetched from ElevenLabs. */
  readonly fetchRecordings: boolean;
  /** The schedule that it enables after a change to a day that is over. */
  readonly busySchedule: BusySchedule;
  /** How many batches may be processed at the same time. */
  readonly concurrency: number;
  /** Completes national phone numbers. */
  readonly defaultCountryCode: string | undefined;
  /** Whether recordings are put into STANDARD. */
  readonly recordingsReadSoon: boolean;
  readonly secrets: SecretStore;
  readonly key: IKey | undefined;
}

/** Long enough to fetch and store the longest recording while Mem0 is slow. */
const TIMEOUT = Duration.minutes(5);

/** More than six times the function's timeout, as AWS advises, so that no message returns while it is processed. */
const VISIBILITY = Duration.minutes(31);

/** The most objects that are in memory at once. */
const BATCH = 5;

/** With the pauses that the function sets, an object is retried for about two hours before it is dead-lettered. */
const DELIVERIES = 10;

/** The queue of new objects, and the function that stores the recording, rows and memories of each. */
export class Processor extends Construct {
  readonly handler: ArchiveFunction<ProcessorVariables>;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly timeout = TIMEOUT;
  readonly mem0Secret: StackSecret | undefined;
  readonly elevenLabsSecret: StackSecret | undefined;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { key } = props;
    this.deadLetters = new Queue(this, "DeadLetters", privateQueue(key));
    this.queue = new Queue(this, "Queue", {
      ...privateQueue(key),
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: DELIVERIES },
    });
    notify(this.queue, props.archive);
    const stored = { store: props.secrets, key };
    if (props.remember) this.mem0Secret = stackSecret(this, "mem0", stored);
    if (props.fetchRecordings) this.elevenLabsSecret = stackSecret(this, "elevenlabs", stored);

    this.handler = new ArchiveFunction<ProcessorVariables>(this, "Handler", {
      bundle: props.bundle,
      key,
      description: "Stores the recording, the rows and the memories of each new object in the archive",
      timeout: TIMEOUT,
      // Enough for a batch of the longest calls, or of recordings of an hour: docs/decisions. Most time it waits.
      memoryMegabytes: 512,
      // A fetched recording is spooled until it is complete: 2 GB are 35 hours of calls in one batch.
      diskMegabytes: 2_048,
      environment: {
        ARCHIVE_BUCKET: props.archive.bucketName,
        ANALYTICS_BUCKET: props.analytics.bucketName,
        QUEUE_URL: this.queue.queueUrl,
        BUSY_SCHEDULE: props.busySchedule.name,
        MEM0_DIR: "/tmp",
        MEM0_TELEMETRY: "false",
        MEM0_SECRET_ARN: this.mem0Secret?.arn,
        DEFAULT_COUNTRY_CODE: props.defaultCountryCode,
        RECORDINGS_READ_SOON: props.recordingsReadSoon ? "true" : undefined,
        ELEVENLABS_SECRET_ARN: this.elevenLabsSecret?.arn,
      },
    });
    this.handler.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: BATCH,
        reportBatchItemFailures: true,
        maxConcurrency: props.concurrency,
      }),
    );
    this.allow(props);
    allowKey(this.handler, key, "s3", "sqs", serviceOf(props.secrets));
    const { executionRole: role } = this.handler;
    const reason = "By suffix and prefix: the folders of callers are not known in advance";
    acknowledgeObjects(role, props.archive as IBucket, ["*.json", "*.mp3", "_index/*"], reason);
    acknowledgeObjects(role, props.analytics as IBucket, ["live/*", "compaction/dirty/*"], reason);
  }

  /** It may read delivered bytes but never write them, so no error in the processor can change them. */
  private allow({ archive, analytics, busySchedule }: ProcessorProps): void {
    const allow = (actions: string[], ...resources: string[]) =>
      this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
    allow(["s3:GetObject"], ...["*.json", "*.mp3", "_index/*"].map((pattern) => archive.arnForObjects(pattern)));
    allow(["s3:PutObject", "s3:AbortMultipartUpload"], archive.arnForObjects("*.mp3"));
    allow(["s3:PutObject"], archive.arnForObjects("_index/*"));
    // Without this right S3 returns 403 for a missing object, which looks like a lack of rights.
    allow(["s3:ListBucket"], archive.bucketArn);
    allow(["s3:PutObject", "s3:DeleteObject"], analytics.arnForObjects("live/*"));
    allow(["s3:PutObject"], analytics.arnForObjects("compaction/dirty/*"));
    allow(["events:EnableRule"], busySchedule.arn);
    // While ElevenLabs has not produced a recording, a delayed message requests it again.
    if (this.elevenLabsSecret) allow(["sqs:SendMessage"], this.queue.queueArn);
    for (const secret of [this.mem0Secret, this.elevenLabsSecret]) if (secret) allow([secret.readAction], secret.arn);
  }
}

/** Two weeks, the longest retention of SQS, so that a person has time to react to a dead letter. */
const RETENTION = Duration.days(14);

function privateQueue(key: IKey | undefined): QueueProps {
  const own = { encryption: QueueEncryption.SQS_MANAGED };
  const encryption = key ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key } : own;
  return { ...encryption, enforceSSL: true, retentionPeriod: RETENTION };
}

/**
 * Makes S3 send a message to the queue for each new `.json`.
 *
 * This sets the bucket's own property, because CDK's `addEventNotification` adds a function with more rights than any
 * other here. The queue trusts all buckets of this account: naming the bucket would be a circular dependency.
 */
function notify(queue: Queue, archive: Bucket): void {
  const fromS3 = new PolicyStatement({
    principals: [new ServicePrincipal("s3.amazonaws.com")],
    actions: ["sqs:SendMessage"],
    resources: [queue.queueArn],
    conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
  });
  queue.addToResourcePolicy(fromS3);
  const bucket = archive.node.defaultChild;
  if (!(bucket instanceof CfnBucket)) throw new Error("the archive's bucket is not a resource of this stack");
  bucket.notificationConfiguration = {
    queueConfigurations: [
      {
        event: "s3:ObjectCreated:*",
        queue: queue.queueArn,
        filter: { s3Key: { rules: [{ name: "suffix", value: ".json" }] } },
      },
    ],
  };
  const policy = queue.node.findChild("Policy").node.defaultChild as CfnQueuePolicy;
  bucket.addResourceDependency(policy);
}
