import { Annotations, Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
  type ReplicationRule,
  StorageClass,
  type Transition,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { RECORDING_TAG } from "../../handlers/process/audio.ts";

/**
 * What every bucket has: nobody but this account, TLS only, encrypted, versioned. It stays when the stack goes, and goes
 * with a first deployment that is rolled back: an empty bucket is in nobody's way then.
 */
const PRIVATE_BUCKET = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  encryption: BucketEncryption.S3_MANAGED,
  versioned: true,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
} as const satisfies BucketProps;

/** A bucket that holds what people said: encrypted with the customer's key, if there is one. */
export function privateBucket(key: IKey | undefined): BucketProps {
  if (!key) return PRIVATE_BUCKET;
  return { ...PRIVATE_BUCKET, encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
}

export interface ArchiveBucketProps {
  /** How long what was replaced or deleted can be restored. */
  readonly noncurrentVersionsFor: Duration;
  /** After how many days calls and recordings are deleted. Kept for good if it is not said. */
  readonly retention?: Duration | undefined;
  /** For how long no version of an object can be deleted, except by a person with a right of their own. */
  readonly objectLock?: Duration | undefined;
  /** The ARN of a versioned bucket, in another region or account, that gets a copy of everything. */
  readonly replicateTo?: string | undefined;
  /** The ARN of the key that encrypts the copies; needed with `key`. */
  readonly replicaKmsKey?: string | undefined;
  readonly key?: IKey | undefined;
  /** The name of a bucket that exists already and that this stack takes over. */
  readonly adopted?: string | undefined;
}

/** The bucket of the archive, and one for the logs of who read it. */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket;
  /** Where S3 notes each access to the archive and the analytics bucket. */
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    // S3 delivers access logs to no bucket that a customer's key encrypts (docs.aws.amazon.com, Server access logging).
    this.accessLogs = new Bucket(this, "AccessLogs", {
      ...PRIVATE_BUCKET,
      lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration: Duration.days(1) }],
    });
    this.bucket = new Bucket(this, "Bucket", {
      ...privateBucket(props.key),
      ...(props.adopted !== undefined && { bucketName: props.adopted, removalPolicy: RemovalPolicy.RETAIN }),
      // CDK's own types do not fit each other under exactOptionalPropertyTypes.
      serverAccessLogsBucket: this.accessLogs as IBucket,
      serverAccessLogsPrefix: "archive/",
      metrics: [{ id: "EntireBucket" }],
      lifecycleRules: lifecycleOf(props),
      ...(props.objectLock && { objectLockDefaultRetention: ObjectLockRetention.governance(props.objectLock) }),
      ...(props.replicateTo !== undefined && { replicationRules: [this.replication(props.replicateTo, props)] }),
    });
    if (props.objectLock && props.replicateTo !== undefined) this.replicateLocks(props.replicateTo);
  }

  private replication(arn: string, { replicaKmsKey }: ArchiveBucketProps): ReplicationRule {
    return {
      destination: Bucket.fromBucketArn(this, "Replica", arn),
      deleteMarkerReplication: true,
      ...(replicaKmsKey !== undefined && {
        kmsKey: Key.fromKeyArn(this, "ReplicaKey", replicaKmsKey),
        sseKmsEncryptedObjects: true,
      }),
    };
  }

  /** What CDK's own role lacks to copy locked objects (docs.aws.amazon.com, Using Object Lock with S3 replication, 2026-11). */
  private replicateLocks(replica: string): void {
    const role = this.bucket.node.findChild("ReplicationRole");
    if (!(role instanceof Role)) throw new Error("the bucket has no role to replicate with");
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["s3:GetObjectRetention", "s3:GetObjectLegalHold"],
        resources: [this.bucket.arnForObjects("*")],
      }),
    );
    const warning = `objectLock with replicateTo: S3 copies locked objects only to a bucket with object lock. Switch it on for ${replica} before you deploy`;
    Annotations.of(this).addWarningV2("call-archive:replicaLock", warning);
  }
}

/**
 * Rules cannot ask for a name's ending, so that of recordings asks for their tag. Where both apply, S3 takes the
 * cheaper class, which is the recordings' own (docs.aws.amazon.com, S3 lifecycle conflicts, 2026-11). Objects under
 * 128 kB stay where they are: to move them costs more than it saves.
 *
 * What expires moves to no class that it would reach on that day or later: S3 refuses such a rule. In a versioned bucket
 * an expiration only hides an object; its bytes go with `noncurrentVersionsFor` after that.
 */
function lifecycleOf({ noncurrentVersionsFor, retention }: ArchiveBucketProps): LifecycleRule[] {
  const before = (transitions: Transition[]) =>
    transitions.filter(({ transitionAfter }) => !retention || (transitionAfter?.toDays() ?? 0) < retention.toDays());
  const calls = before([
    { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
    { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
  ]);
  const recordings = before([
    { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
    { storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(90) },
  ]);
  const audioDays = Math.min(DELIVERED_AUDIO_DAYS, retention?.toDays() ?? DELIVERED_AUDIO_DAYS);
  return [
    {
      id: "calls",
      ...(calls.length > 0 && { transitions: calls }),
      noncurrentVersionExpiration: noncurrentVersionsFor,
      abortIncompleteMultipartUploadAfter: Duration.days(2),
      ...(retention ? { expiration: retention } : { expiredObjectDeleteMarker: true }),
    },
    ...(recordings.length > 0 ? [{ id: "recordings", tagFilters: RECORDING_TAG, transitions: recordings }] : []),
    { id: "delivered-audio", prefix: "_audio/", expiration: Duration.days(audioDays) },
    {
      id: "replaced-indexes",
      prefix: "_index/",
      noncurrentVersionExpiration: Duration.days(Math.min(7, noncurrentVersionsFor.toDays())),
    },
  ];
}

/** How long audio that was delivered apart stays: the MP3 holds it. */
const DELIVERED_AUDIO_DAYS = 30;
