import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Bucket, IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { ReconcilerVariables } from "../../handlers/reconcile/environment.ts";
import { recordings } from "../../queries/tables/recordings.ts";
import { acknowledgeObjects } from "./acknowledge.ts";
import { ArchiveFunction } from "./archive-function.ts";
import type { Bundle } from "./bundle.client.ts";
import { allowKey } from "./encryption.ts";
import type { SecretStore } from "./secret-names.ts";
import { type StackSecret, serviceOf } from "./stack-secret.ts";

export interface ReconcilerProps {
  readonly archive: Bucket;
  readonly analytics: Bucket;
  readonly bundle: Bundle;
  readonly elevenLabsSecret: StackSecret;
  readonly secrets: SecretStore;
  /** The URL of the receiver. The settings at ElevenLabs are compared with it. */
  readonly webhookUrl: string;
  /** Completes national phone numbers. */
  readonly defaultCountryCode: string | undefined;
  /** Whether recordings are put into STANDARD. */
  readonly recordingsReadSoon: boolean;
  /** How far back each run looks. */
  readonly lookBack: Duration;
  readonly key: IKey | undefined;
}

/**
 * A call whose webhook was lost is in the archive about two hours after its end: one hour to wait for the webhook, and
 * one until the next run.
 */
const EVERY = Duration.hours(1);

/** The function that fetches missing calls and recordings from ElevenLabs, and checks the webhook's settings. */
export class Reconciler extends Construct {
  readonly handler: ArchiveFunction<ReconcilerVariables>;

  constructor(scope: Construct, id: string, props: ReconcilerProps) {
    super(scope, id);
    const { archive, elevenLabsSecret } = props;
    this.handler = new ArchiveFunction<ReconcilerVariables>(this, "Handler", {
      bundle: props.bundle,
      key: props.key,
      description: "Fetches missing calls and recordings from ElevenLabs, and checks the webhook's settings",
      timeout: Duration.minutes(15),
      memoryMegabytes: 512,
      // A recording is spooled until it is complete: 2 GB are 35 hours of calls at once.
      diskMegabytes: 2_048,
      environment: {
        ARCHIVE_BUCKET: archive.bucketName,
        ANALYTICS_BUCKET: props.analytics.bucketName,
        ELEVENLABS_SECRET_ARN: elevenLabsSecret.arn,
        RECONCILE_HOURS: String(props.lookBack.toHours()),
        DEFAULT_COUNTRY_CODE: props.defaultCountryCode,
        RECORDINGS_READ_SOON: props.recordingsReadSoon ? "true" : undefined,
        WEBHOOK_URL: props.webhookUrl,
      },
    });
    // No retry: the next scheduled run continues where this one ended.
    this.handler.configureAsyncInvoke({ retryAttempts: 0 });
    new Rule(this, "Schedule", {
      description: "Runs the reconciler",
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(this.handler)],
    });
    this.allow(props);
    allowKey(this.handler, props.key, "s3", serviceOf(props.secrets));
  }

  /**
   * It may put calls and recordings. Its puts are conditional, so it never overwrites a delivery. It may list which calls
   * have the row of a recording, and may not read rows.
   */
  private allow({ archive, analytics, elevenLabsSecret: secret }: ReconcilerProps): void {
    const allow = (actions: string[], ...resources: string[]) =>
      this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
    const ofRecordings = { StringLike: { "s3:prefix": `live/${recordings.name}/*` } };
    this.handler.addToRolePolicy(
      new PolicyStatement({ actions: ["s3:ListBucket"], resources: [analytics.bucketArn], conditions: ofRecordings }),
    );
    const [json, mp3, index] = ["*.json", "*.mp3", "_index/*"].map((pattern) => archive.arnForObjects(pattern));
    allow(["s3:GetObject"], `${json}`, `${mp3}`, `${index}`);
    allow(["s3:PutObject"], `${json}`);
    allow(["s3:PutObject", "s3:AbortMultipartUpload"], `${mp3}`);
    // Without this right S3 returns 403 for a missing object, which looks like a lack of rights.
    allow(["s3:ListBucket"], archive.bucketArn);
    allow([secret.readAction], secret.arn);
    const reason = "By suffix and prefix: the folders of callers are not known in advance";
    acknowledgeObjects(this.handler.executionRole, archive as IBucket, ["*.json", "*.mp3", "_index/*"], reason);
  }
}
