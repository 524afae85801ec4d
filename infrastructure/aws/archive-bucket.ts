import { Duration } from "aws-cdk-lib";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { RECORDING_TAG } from "../../handlers/process/audio.ts";

/** What every bucket has: nobody but this account, TLS only, encrypted, versioned, and kept when the stack goes. */
export const PRIVATE_BUCKET = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  encryption: BucketEncryption.S3_MANAGED,
  versioned: true,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
} as const satisfies BucketProps;

export interface ArchiveBucketProps {
  /** How long what was replaced or deleted can be restored. */
  readonly noncurrentVersionsFor: Duration;
  /** After how many days calls and recordings are deleted. Kept for good if it is not said. */
  readonly retention?: Duration | undefined;
  /** For how long no version of an object can be deleted, by nobody without a right of its own. */
  readonly objectLock?: Duration | undefined;
  /** The ARN of a versioned bucket, in another region or account, that gets a copy of everything. */
  readonly replicateTo?: string | undefined;
}

/** The bucket of the archive, and one for the logs of who read it. */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket;
  /** Where S3 notes each access to the archive and the analytics bucket. */
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    this.accessLogs = new Bucket(this, "AccessLogs", {
      ...PRIVATE_BUCKET,
      lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration: Duration.days(1) }],
    });
    this.bucket = new Bucket(this, "Bucket", {
      ...PRIVATE_BUCKET,
      // CDK's own types do not fit each other under exactOptionalPropertyTypes.
      serverAccessLogsBucket: this.accessLogs as IBucket,
      serverAccessLogsPrefix: "archive/",
      metrics: [{ id: "EntireBucket" }],
      lifecycleRules: lifecycleOf(props),
      ...(props.objectLock && { objectLockDefaultRetention: ObjectLockRetention.governance(props.objectLock) }),
      ...(props.replicateTo && {
        replicationRules: [
          { destination: Bucket.fromBucketArn(this, "Replica", props.replicateTo), deleteMarkerReplication: true },
        ],
      }),
    });
  }
}

/**
 * Rules cannot ask for a name's ending, so that of recordings asks for their tag. Where both apply, S3 takes the
 * cheaper class, which is the recordings' own (docs.aws.amazon.com, S3 lifecycle conflicts, 2026-11). Objects under
 * 128 kB stay where they are: to move them costs more than it saves.
 */
function lifecycleOf({ noncurrentVersionsFor, retention }: ArchiveBucketProps): LifecycleRule[] {
  return [
    {
      id: "calls",
      transitions: [
        { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
        { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
      ],
      noncurrentVersionExpiration: noncurrentVersionsFor,
      abortIncompleteMultipartUploadAfter: Duration.days(2),
      ...(retention ? { expiration: retention } : { expiredObjectDeleteMarker: true }),
    },
    {
      id: "recordings",
      tagFilters: RECORDING_TAG,
      transitions: [
        { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
        { storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(90) },
      ],
    },
    { id: "delivered-audio", prefix: "_audio/", expiration: Duration.days(30) },
    { id: "replaced-indexes", prefix: "_index/", noncurrentVersionExpiration: Duration.days(7) },
  ];
}
