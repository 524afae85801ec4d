import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Bucket, IBucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { ReconcilerVariables } from "../../handlers/reconcile/environment.ts";
import { acknowledgeObjects } from "./acknowledge.ts";
import { ArchiveFunction } from "./archive-function.ts";
import type { Bundle } from "./bundle.client.ts";
import { allowKey } from "./encryption.ts";

export interface ReconcilerProps {
  readonly archive: Bucket;
  readonly bundle: Bundle;
  readonly elevenLabsSecret: Secret;
  /** Where ElevenLabs posts to, so that its settings can be checked against it. */
  readonly webhookUrl: string;
  /** How far back each run looks. */
  readonly lookBack: Duration;
  readonly key: IKey | undefined;
}

/** A call whose webhook was lost is there about two hours after its end: one to wait for it, one until the next run. */
const EVERY = Duration.hours(1);

/** What asks ElevenLabs for calls and recordings that the archive lacks, and looks at the webhook's settings. */
export class Reconciler extends Construct {
  readonly handler: ArchiveFunction<ReconcilerVariables>;

  constructor(scope: Construct, id: string, props: ReconcilerProps) {
    super(scope, id);
    const { archive, elevenLabsSecret } = props;
    this.handler = new ArchiveFunction<ReconcilerVariables>(this, "Handler", {
      bundle: props.bundle,
      key: props.key,
      description: "Fetches from ElevenLabs what the archive lacks, and looks at the webhook's settings",
      timeout: Duration.minutes(15),
      memoryMegabytes: 512,
      // Recordings are laid aside until all of them has come: 2 GB are 35 hours of calls at once.
      diskMegabytes: 2_048,
      environment: {
        ARCHIVE_BUCKET: archive.bucketName,
        ELEVENLABS_SECRET_ARN: elevenLabsSecret.secretArn,
        RECONCILE_HOURS: String(props.lookBack.toHours()),
        WEBHOOK_URL: props.webhookUrl,
      },
    });
    // The next run is near, and goes on where this one ended.
    this.handler.configureAsyncInvoke({ retryAttempts: 0 });
    new Rule(this, "Schedule", {
      description: "Wakes the reconciler",
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(this.handler)],
    });
    this.allow(archive, elevenLabsSecret);
    allowKey(this.handler, props.key, "s3", "secretsmanager");
  }

  /** It may put calls and recordings: its puts are conditional, so that what was delivered is never written over. */
  private allow(archive: Bucket, secret: Secret): void {
    const allow = (actions: string[], ...resources: string[]) =>
      this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
    const [json, mp3, index] = ["*.json", "*.mp3", "_index/*"].map((pattern) => archive.arnForObjects(pattern));
    allow(["s3:GetObject"], `${json}`, `${mp3}`, `${index}`);
    allow(["s3:PutObject"], `${json}`);
    allow(["s3:PutObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"], `${mp3}`);
    // Without it S3 answers 403 for an object that is not there, and nobody could tell that from a lack of rights.
    allow(["s3:ListBucket"], archive.bucketArn);
    allow(["secretsmanager:GetSecretValue"], secret.secretArn);
    const reason = "By ending and prefix: callers' folders are not known before they call";
    acknowledgeObjects(this.handler.executionRole, archive as IBucket, ["*.json", "*.mp3", "_index/*"], reason);
  }
}
