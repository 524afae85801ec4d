import type { Duration, StackProps } from "aws-cdk-lib";
import { COUNTRY_CODE } from "../../handlers/call/phone-number.ts";
import { SECRET_STORES, type SecretStore } from "./secret-names.ts";

/** The settings of one archive. All are optional. */
export interface Stage extends StackProps {
  /** Whether memories of callers are stored in Mem0. On by default. */
  readonly remember?: boolean;
  /** Whether recordings and calls that were not delivered are fetched from ElevenLabs. On by default. */
  readonly fetchRecordings?: boolean;
  /**
   * Whether more than one recording in twelve is read within two days of its call. Then recordings are put into STANDARD
   * and move to GLACIER_IR after two days. Off by default.
   */
  readonly recordingsReadSoon?: boolean;
  /** Whether the read API has routes of the HTTP API, for callers with an IAM policy. On by default: it costs per request. */
  readonly readApi?: boolean;
  /** How far back the reconciler looks in each hourly run. Whole hours, 1 to 168. A run looks back at least 26 hours. */
  readonly reconcileBack?: Duration;
  /** How old a signature may be, or how far in the future. At least one second; 30 minutes by default. */
  readonly signatureTolerance?: Duration;
  /** The country code that completes national phone numbers: `44`. None by default: such numbers are unchanged. */
  readonly defaultCountryCode?: string;
  /** Requests a second, and in a burst, that the receiver accepts; 100 and 200 by default. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
  /** Whether the receiver accepts only deliveries from ElevenLabs' published addresses. Off by default. */
  readonly onlyElevenLabsAddresses?: boolean;
  /**
   * Batches that are processed at the same time, 2 to 1,000; 4 by default, which fits the concurrency limit of a new
   * account.
   */
  readonly processorConcurrency?: number;
  /** How many hours after its end a day is closed. A whole number, 1 to 168; 3 by default. */
  readonly closeAfterHours?: number;
  /** The limit of data that one query may scan, from 0.01; 10 by default. */
  readonly queryLimitGigabytes?: number;
  readonly alarmEmail?: string;
  /**
   * `few` by default: an alarm for deliveries that were answered 5xx, and one for all that the monitor finds each hour.
   * `each` adds an alarm for every problem, which notifies within minutes and costs $0.10 a month each, and sends every
   * metric.
   */
  readonly alarms?: "few" | "each";
  /** Whether there is a dashboard ($3.00 a month) and every metric for it is sent. Off by default. */
  readonly dashboard?: boolean;
  /** Whether S3 counts the requests to the archive bucket, for about $3 a month. Off by default. */
  readonly requestMetrics?: boolean;
  /** Hours without a delivery before the alarm NoCalls, 1 to 168; 24 by default. */
  readonly quietHours?: number;
  /** Refused deliveries in a quarter of an hour before the alarm Refusals; 20 by default. */
  readonly refusalsPerQuarterHour?: number;
  /** How long a replaced or deleted version can be restored. Whole days; 365 by default, 7 with `retention`. */
  readonly noncurrentVersionsFor?: Duration;
  /** After how long calls and recordings are deleted. Whole days; they are kept forever by default. */
  readonly retention?: Duration;
  /** For how long no version of an object can be deleted. Whole days, up to 36,500; off by default. */
  readonly objectLock?: Duration;
  /** The ARN of a versioned bucket in another region that gets a copy of every object. None by default. */
  readonly replicateTo?: string;
  /** The ARN of the key that encrypts the copies. Needed where `kmsKey` and `replicateTo` are set. */
  readonly replicaKmsKey?: string;
  /**
   * Encrypts buckets, queues, topic, logs and secrets with a customer managed key: `true` for a new one that the stack
   * owns, or the ARN of yours. AWS owned keys by default.
   */
  readonly kmsKey?: boolean | string;
  /**
   * Where the webhook's secret and the API keys are; Parameter Store by default. A stack that has them in Secrets Manager
   * deletes them there if this changes: copy them first (docs/deploying.md).
   */
  readonly secrets?: SecretStore;
  /** The name of an existing archive bucket that this stack takes over: see docs/deploying.md. */
  readonly archiveBucketName?: string;
}

/** A stage has a value that AWS would refuse, or that contradicts another. The message states the valid values. */
export class WrongStage extends Error {
  override readonly name = "WrongStage";
}

/** The longest time that one alarm may evaluate is seven days (docs.aws.amazon.com, PutMetricAlarm, 2026-11). */
const WEEK_HOURS = 168;

/** The longest object lock of S3 is a hundred years (docs.aws.amazon.com, DefaultRetention, 2026-11). */
const LONGEST_LOCK_DAYS = 36_500;

/** Athena's smallest limit is 10,000,000 bytes (docs.aws.amazon.com, WorkGroupConfiguration, 2026-11). */
const LEAST_QUERY_GIGABYTES = 0.01;

/** The names that S3 allows, without dots, which break TLS (docs.aws.amazon.com, Bucket naming rules, 2026-11). */
const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * Throws if a value would make the deployment fail midway.
 *
 * @throws WrongStage
 */
export function checkStage(stage: Stage): void {
  checkTimes(stage);
  checkNumbers(stage);
  checkNames(stage);
  if (stage.kmsKey && stage.replicateTo !== undefined && stage.replicaKmsKey === undefined)
    throw new WrongStage("kmsKey with replicateTo needs replicaKmsKey: the copies need a key in their own region");
}

function checkTimes({ reconcileBack, signatureTolerance, ...days }: Stage): void {
  const { retention, noncurrentVersionsFor, objectLock } = days;
  checkWhole("reconcileBack", reconcileBack?.toHours({ integral: false }), 1, WEEK_HOURS, "hours");
  checkWhole("signatureTolerance", signatureTolerance?.toSeconds({ integral: false }), 1, 1e9, "seconds");
  checkWhole("retention", inDays(retention), 1, 1e6, "days");
  checkWhole("noncurrentVersionsFor", inDays(noncurrentVersionsFor), 1, 1e6, "days");
  checkWhole("objectLock", inDays(objectLock), 1, LONGEST_LOCK_DAYS, "days");
  if (retention && noncurrentVersionsFor && noncurrentVersionsFor.toDays() > retention.toDays()) {
    const [versions, calls] = [noncurrentVersionsFor.toDays(), retention.toDays()];
    throw new WrongStage(
      `noncurrentVersionsFor (${versions} days) is longer than retention (${calls} days): deleted calls would be kept longer than calls`,
    );
  }
}

function checkNumbers(stage: Stage): void {
  checkWhole("processorConcurrency", stage.processorConcurrency, 2, 1_000, "batches");
  checkWhole("closeAfterHours", stage.closeAfterHours, 1, WEEK_HOURS, "hours");
  checkWhole("quietHours", stage.quietHours, 1, WEEK_HOURS, "hours");
  checkWhole("refusalsPerQuarterHour", stage.refusalsPerQuarterHour, 0, 1e9, "refusals");
  checkWhole("throttle.burst", stage.throttle?.burst, 1, 1e6, "requests");
  checkRange("throttle.rate", stage.throttle?.rate, 1, 1e6, "requests a second");
  checkRange("queryLimitGigabytes", stage.queryLimitGigabytes, LEAST_QUERY_GIGABYTES, 1e6, "gigabytes");
}

function checkNames(stage: Stage): void {
  checkText("defaultCountryCode", stage.defaultCountryCode, COUNTRY_CODE, "a country code without +, as 44");
  checkText("alarmEmail", stage.alarmEmail, EMAIL, "an e-mail address");
  checkText("replicateTo", stage.replicateTo, BUCKET_ARN, "the ARN of a bucket (arn:aws:s3:::…)");
  checkText("replicaKmsKey", stage.replicaKmsKey, KEY_ARN, "the ARN of a key (arn:aws:kms:…:key/…)");
  checkText("archiveBucketName", stage.archiveBucketName, BUCKET_NAME, "the name of a bucket without dots");
  const isStore = stage.secrets === undefined || SECRET_STORES.includes(stage.secrets);
  if (!isStore)
    throw new WrongStage(`secrets is ${JSON.stringify(stage.secrets)}: it must be ${SECRET_STORES.join(" or ")}`);
  if (typeof stage.kmsKey === "string")
    checkText("kmsKey", stage.kmsKey, KEY_ARN, "true or the ARN of a key (arn:aws:kms:…:key/…)");
}

function inDays(duration: Duration | undefined): number | undefined {
  return duration?.toDays({ integral: false });
}

function checkWhole(name: string, value: number | undefined, least: number, most: number, unit: string): void {
  if (value !== undefined && !Number.isInteger(value))
    throw new WrongStage(`${name} is ${value} ${unit}: it must be a whole number of ${unit}`);
  checkRange(name, value, least, most, unit);
}

function checkRange(name: string, value: number | undefined, least: number, most: number, unit: string): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw new WrongStage(`${name} is ${value} ${unit}: it must be from ${least} to ${most}`);
}

function checkText(name: string, value: string | undefined, form: RegExp, what: string): void {
  if (value === undefined || form.test(value)) return;
  throw new WrongStage(`${name} is ${JSON.stringify(value)}: it must be ${what}`);
}
