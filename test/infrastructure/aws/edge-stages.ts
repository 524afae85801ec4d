import { Duration } from "aws-cdk-lib";
import type { Stage } from "../../../infrastructure/aws/stage.ts";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const REPLICA = "arn:aws:s3:::a-bucket-far-away";
const REPLICA_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** A stage at each limit of every prop, by name. AWS must accept the template of each. */
export const EDGE_STAGES: Readonly<Record<string, Stage>> = {
  defaults: {},
  "without-services": { remember: false, fetchRecordings: false },
  "without-read-api": { readApi: false, kmsKey: true },
  "retention-1": { retention: Duration.days(1) },
  "retention-30": { retention: Duration.days(30) },
  "retention-31": { retention: Duration.days(31) },
  "retention-90": { retention: Duration.days(90) },
  "retention-91": { retention: Duration.days(91) },
  "retention-730": { retention: Duration.days(730), noncurrentVersionsFor: Duration.days(730) },
  "versions-1": { noncurrentVersionsFor: Duration.days(1) },
  "lock-1": { objectLock: Duration.days(1) },
  "lock-and-replica": { objectLock: Duration.days(36_500), replicateTo: REPLICA },
  "lock-and-retention": { objectLock: Duration.days(30), retention: Duration.days(60) },
  replica: { replicateTo: REPLICA },
  "own-key": { kmsKey: true },
  "secrets-manager": { secrets: "secrets-manager", kmsKey: true },
  "given-key": { kmsKey: KEY },
  "key-and-replica": { kmsKey: true, replicateTo: REPLICA, replicaKmsKey: REPLICA_KEY, objectLock: Duration.days(1) },
  adopted: { archiveBucketName: "an-archive-that-exists" },
  "each-alarm": { alarms: "each", dashboard: true, requestMetrics: true },
  "each-alarm-without-services": { alarms: "each", dashboard: true, remember: false, fetchRecordings: false },
  "least-numbers": {
    reconcileBack: Duration.hours(1),
    signatureTolerance: Duration.seconds(1),
    throttle: { rate: 1, burst: 1 },
    processorConcurrency: 2,
    closeAfterHours: 1,
    queryLimitGigabytes: 0.01,
    quietHours: 1,
    refusalsPerQuarterHour: 0,
    onlyElevenLabsAddresses: true,
    alarmEmail: "alarms@example.com",
    defaultCountryCode: "1",
  },
  "most-numbers": {
    reconcileBack: Duration.hours(168),
    defaultCountryCode: "999",
    processorConcurrency: 1_000,
    closeAfterHours: 168,
    queryLimitGigabytes: 10_000,
    recordingsReadSoon: true,
    quietHours: 168,
  },
};

/** A stage beyond each limit, with the message of the error. */
export const REFUSED_STAGES: readonly (readonly [message: string, stage: Stage])[] = [
  ["retention is 0 days: it must be from 1", { retention: Duration.days(0) }],
  ["retention is 1.5 days: it must be a whole number", { retention: Duration.hours(36) }],
  [
    "noncurrentVersionsFor (31 days) is longer than retention (30 days)",
    { retention: Duration.days(30), noncurrentVersionsFor: Duration.days(31) },
  ],
  ["noncurrentVersionsFor is 0 days", { noncurrentVersionsFor: Duration.days(0) }],
  ["objectLock is 36501 days: it must be from 1 to 36500", { objectLock: Duration.days(36_501) }],
  ["objectLock is 0.5 days: it must be a whole number", { objectLock: Duration.hours(12) }],
  ["reconcileBack is 0.5 hours: it must be a whole number", { reconcileBack: Duration.minutes(30) }],
  ["reconcileBack is 169 hours: it must be from 1 to 168", { reconcileBack: Duration.hours(169) }],
  ["signatureTolerance is 0 seconds", { signatureTolerance: Duration.seconds(0) }],
  ["processorConcurrency is 1 batches: it must be from 2 to 1000", { processorConcurrency: 1 }],
  ["processorConcurrency is 1001 batches", { processorConcurrency: 1_001 }],
  ["closeAfterHours is 0 hours", { closeAfterHours: 0 }],
  ["closeAfterHours is 1.5 hours: it must be a whole number", { closeAfterHours: 1.5 }],
  ["quietHours is 169 hours: it must be from 1 to 168", { quietHours: 169 }],
  ["quietHours is 0 hours", { quietHours: 0 }],
  ["refusalsPerQuarterHour is -1 refusals", { refusalsPerQuarterHour: -1 }],
  ["refusalsPerQuarterHour is NaN refusals", { refusalsPerQuarterHour: Number.NaN }],
  ["throttle.burst is 0.5 requests: it must be a whole number", { throttle: { rate: 1, burst: 0.5 } }],
  ["throttle.rate is 0 requests a second", { throttle: { rate: 0, burst: 1 } }],
  ["queryLimitGigabytes is 0.009 gigabytes: it must be from 0.01", { queryLimitGigabytes: 0.009 }],
  ["queryLimitGigabytes is NaN gigabytes", { queryLimitGigabytes: Number.NaN }],
  ['alarmEmail is "": it must be an e-mail address', { alarmEmail: "" }],
  ['defaultCountryCode is "+44": it must be a country code without +', { defaultCountryCode: "+44" }],
  ['defaultCountryCode is "": it must be a country code', { defaultCountryCode: "" }],
  ['replicateTo is "a-bucket": it must be the ARN of a bucket', { replicateTo: "a-bucket" }],
  ['kmsKey is "alias/ours": it must be true or the ARN of a key', { kmsKey: "alias/ours" }],
  ['secrets is "ssm": it must be parameter-store or secrets-manager', JSON.parse('{"secrets":"ssm"}')],
  ['archiveBucketName is "Calls": it must be the name of a bucket', { archiveBucketName: "Calls" }],
  ["kmsKey with replicateTo needs replicaKmsKey", { kmsKey: true, replicateTo: REPLICA }],
];
