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
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

/**
 * Properties of every bucket: not public, TLS only, encrypted, versioned. The bucket stays when the stack is deleted.
 * If the first deployment is rolled back, the bucket is deleted, because it is empty.
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

/** The name of S3's filter for the request metrics of all objects. */
export const REQUESTS_FILTER = "EntireBucket";

/** Properties of a bucket with calls or rows. It is encrypted with the customer managed key, if there is one. */
export function privateBucket(key: IKey | undefined): BucketProps {
  if (!key) return PRIVATE_BUCKET;
  return { ...PRIVATE_BUCKET, encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
}

export interface ArchiveBucketProps {
  /** How long replaced and deleted versions can be restored. */
  readonly noncurrentVersionsFor: Duration;
  /** After how long calls and recordings are deleted. By default they are kept forever. */
  readonly retention?: Duration | undefined;
  /** For how long no version of an object can be deleted, except with `s3:BypassGovernanceRetention`. */
  readonly objectLock?: Duration | undefined;
  /** The ARN of a versioned bucket, in another region or account, that gets a copy of every object. */
  readonly replicateTo?: string | undefined;
  /** The ARN of the key that encrypts the copies; needed with `key`. */
  readonly replicaKmsKey?: string | undefined;
  /** Whether S3 counts the requests to the archive. */
  readonly requestMetrics?: boolean | undefined;
  readonly key?: IKey | undefined;
  /** The name of an existing bucket that this stack takes over. */
  readonly adopted?: string | undefined;
}

/** The bucket of the archive, and the bucket of its access logs. */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket;
  /** Where S3 logs each access to the archive and the analytics bucket. */
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    // No customer managed key: S3 would deliver no access logs (docs.aws.amazon.com, Server access logging).
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
      ...(props.requestMetrics && { metrics: [{ id: REQUESTS_FILTER }] }),
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

  /**
   * Adds the rights that CDK's replication role lacks to copy locked objects (docs.aws.amazon.com, Using Object Lock
   * with S3 replication, 2026-11).
   */
  private replicateLocks(replica: string): void {
    const role = this.bucket.node.findChild("ReplicationRole");
    if (!(role instanceof Role)) throw new Error("the bucket has no replication role");
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["s3:GetObjectRetention", "s3:GetObjectLegalHold"],
        resources: [this.bucket.arnForObjects("*")],
      }),
    );
    const warning = `objectLock with replicateTo: S3 copies locked objects only to a bucket with object lock. Enable it on ${replica} before you deploy`;
    Annotations.of(this).addWarningV2("call-archive:replicaLock", warning);
  }
}

/**
 * The lifecycle rules of the archive.
 *
 * Long recordings and long calls move to GLACIER_IR after two days, and a person or a program can still read them at
 * once. Other recordings are put there (`storageClassOf`). S3 does not move objects under 128 kB, such as most JSON: that would cost
 * more than it saves. A move to GLACIER_IR needs no earlier stay elsewhere (docs.aws.amazon.com, Transitioning objects,
 * 2026-11).
 *
 * A transition on or after the day of the expiration is left out, because S3 refuses such a rule. In a versioned bucket
 * an expiration only hides an object. Its bytes are deleted `noncurrentVersionsFor` later.
 */
function lifecycleOf({ noncurrentVersionsFor, retention }: ArchiveBucketProps): LifecycleRule[] {
  const isMoved = !retention || COLD_AFTER_DAYS < retention.toDays();
  const transitions = [
    { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(COLD_AFTER_DAYS) },
  ];
  const audioDays = Math.min(DELIVERED_AUDIO_DAYS, retention?.toDays() ?? DELIVERED_AUDIO_DAYS);
  return [
    {
      id: "calls",
      ...(isMoved && { transitions }),
      noncurrentVersionExpiration: noncurrentVersionsFor,
      abortIncompleteMultipartUploadAfter: Duration.days(2),
      ...(retention ? { expiration: retention } : { expiredObjectDeleteMarker: true }),
    },
    { id: "delivered-audio", prefix: "_audio/", expiration: Duration.days(audioDays) },
    {
      id: "replaced-indexes",
      prefix: "_index/",
      noncurrentVersionExpiration: Duration.days(Math.min(7, noncurrentVersionsFor.toDays())),
    },
  ];
}

/** The reconciler reads a call for the last time 26 hours after its start. */
const COLD_AFTER_DAYS = 2;

/** How long a delivery of audio is kept. Its MP3 is also stored beside the call. */
const DELIVERED_AUDIO_DAYS = 30;
