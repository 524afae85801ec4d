import { Aws, Duration } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { type Bucket, CfnBucket, type IBucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { type CfnQueuePolicy, Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ProcessorVariables } from "../../handlers/process/environment.ts";
import { acknowledgeObjects } from "./acknowledge.ts";
import { apiKeySecret } from "./api-key-secret.ts";
import { ArchiveFunction } from "./archive-function.ts";
import type { Bundle } from "./bundle.client.ts";
import { allowKey } from "./encryption.ts";

export interface ProcessorProps {
  readonly archive: Bucket;
  readonly analytics: Bucket;
  readonly bundle: Bundle;
  /** Whether callers are remembered in Mem0, and whether recordings are fetched from ElevenLabs. */
  readonly remember: boolean;
  readonly fetchRecordings: boolean;
  /** How many batches may be worked on at once. */
  readonly concurrency: number;
  readonly key: IKey | undefined;
}

/** Enough for the longest recording to be fetched and stored, and for Mem0 to be slow. */
const TIMEOUT = Duration.minutes(5);

/** More than six times the function's, as AWS advises: no message comes back while it may still be worked on. */
const VISIBILITY = Duration.minutes(31);

/** With the pauses that the function asks for: about two hours of trying before a person has to look. */
const DELIVERIES = 10;

/** What wakes for each new object, and makes the recording, the rows and the memories. */
export class Processor extends Construct {
  readonly handler: ArchiveFunction<ProcessorVariables>;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly timeout = TIMEOUT;
  readonly mem0Secret: Secret | undefined;
  readonly elevenLabsSecret: Secret | undefined;

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
    if (props.remember) this.mem0Secret = apiKeySecret(this, "Mem0", "Mem0", key);
    if (props.fetchRecordings) this.elevenLabsSecret = apiKeySecret(this, "ElevenLabs", "ElevenLabs", key);

    this.handler = new ArchiveFunction<ProcessorVariables>(this, "Handler", {
      bundle: props.bundle,
      key,
      description: "Makes the recording, the rows and the memories of each new object in the archive",
      timeout: TIMEOUT,
      // Ten objects of 6 MB at once, each with its recording decoded.
      memoryMegabytes: 1_024,
      // A fetched recording is laid aside until all of it has come: 2 GB are 35 hours of calls in one batch.
      diskMegabytes: 2_048,
      environment: {
        ARCHIVE_BUCKET: props.archive.bucketName,
        ANALYTICS_BUCKET: props.analytics.bucketName,
        QUEUE_URL: this.queue.queueUrl,
        MEM0_DIR: "/tmp",
        MEM0_TELEMETRY: "false",
        MEM0_SECRET_ARN: this.mem0Secret?.secretArn,
        ELEVENLABS_SECRET_ARN: this.elevenLabsSecret?.secretArn,
      },
    });
    this.handler.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: props.concurrency,
      }),
    );
    this.allow(props);
    allowKey(this.handler, key, "s3", "sqs", "secretsmanager");
    const { executionRole: role } = this.handler;
    const reason = "By ending and prefix: callers' folders are not known before they call";
    acknowledgeObjects(role, props.archive as IBucket, ["*.json", "*.mp3", "_index/*"], reason);
    acknowledgeObjects(role, props.analytics as IBucket, ["live/*", "compaction/dirty/*"], reason);
  }

  /** What was received can be read and never written: nothing that goes wrong here can change it. */
  private allow({ archive, analytics }: ProcessorProps): void {
    const allow = (actions: string[], ...resources: string[]) =>
      this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
    allow(["s3:GetObject"], ...["*.json", "*.mp3", "_index/*"].map((pattern) => archive.arnForObjects(pattern)));
    allow(["s3:PutObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"], archive.arnForObjects("*.mp3"));
    allow(["s3:PutObject"], archive.arnForObjects("_index/*"));
    // Without it S3 answers 403 for an object that is not there, and nobody could tell that from a lack of rights.
    allow(["s3:ListBucket"], archive.bucketArn);
    allow(["s3:PutObject", "s3:DeleteObject"], analytics.arnForObjects("live/*"));
    allow(["s3:PutObject"], analytics.arnForObjects("compaction/dirty/*"));
    // A recording that ElevenLabs has not produced yet is asked for again by a delayed message.
    if (this.elevenLabsSecret) allow(["sqs:SendMessage"], this.queue.queueArn);
    const secrets = [this.mem0Secret, this.elevenLabsSecret].flatMap((secret) => (secret ? [secret.secretArn] : []));
    if (secrets.length > 0) allow(["secretsmanager:GetSecretValue"], ...secrets);
  }
}

/** Two weeks, the longest that SQS keeps a message: time for a person to come back from holidays. */
const RETENTION = Duration.days(14);

function privateQueue(key: IKey | undefined): QueueProps {
  const own = { encryption: QueueEncryption.SQS_MANAGED };
  const encryption = key ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key } : own;
  return { ...encryption, enforceSSL: true, retentionPeriod: RETENTION };
}

/**
 * Has S3 tell the queue of each new `.json`.
 *
 * Said in the bucket's own properties: CDK's `addEventNotification` would bring a function of its own, with more
 * rights than any of ours. The queue trusts this account's buckets, since naming the bucket would make each
 * wait for the other.
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
  if (!(bucket instanceof CfnBucket)) throw new Error("the archive's bucket is not made here");
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
