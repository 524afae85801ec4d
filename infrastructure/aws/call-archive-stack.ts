import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { METRICS_VARIABLE } from "../../handlers/clients/observability/sent-metrics.ts";
import { CLOSE_AFTER_HOURS, LATE_HOURS } from "../../handlers/compact/days.ts";
import type { SavedQuery } from "../../queries/engine/saved-queries.ts";
import { Alarms } from "./alarms.ts";
import { Analysts } from "./analysts.ts";
import { Analytics } from "./analytics.ts";
import { ArchiveBucket } from "./archive-bucket.ts";
import type { Bundle, FunctionName } from "./bundle.client.ts";
import { CallDashboard } from "./call-dashboard.ts";
import { Compactor } from "./compactor.ts";
import { addEachAlarm } from "./each-alarm.ts";
import { stageKey } from "./encryption.ts";
import { Monitor } from "./monitor.ts";
import { MEMORY_KEY, type Outputs } from "./outputs.ts";
import { Processor } from "./processor.ts";
import { ReadApi } from "./read-api.ts";
import { Receiver } from "./receiver.ts";
import { Reconciler } from "./reconciler.ts";
import { checkStage, type Stage } from "./stage.ts";
import { Views } from "./views.ts";

export interface CallArchiveProps extends Stage {
  readonly bundles: Readonly<Record<FunctionName, Bundle>>;
  readonly queries: readonly SavedQuery[];
}

/** The whole archive: one construct for each capability. */
export class CallArchiveStack extends Stack {
  constructor(scope: Construct, id: string, props: CallArchiveProps) {
    super(scope, id, props);
    checkStage(props);
    const key = stageKey(this, props.kmsKey);
    const secrets = props.secrets ?? "parameter-store";
    const { bucket: archive, accessLogs } = new ArchiveBucket(this, "Archive", {
      noncurrentVersionsFor: props.noncurrentVersionsFor ?? versionsKeptWith(props.retention),
      retention: props.retention,
      objectLock: props.objectLock,
      replicateTo: props.replicateTo,
      replicaKmsKey: props.replicaKmsKey,
      requestMetrics: props.requestMetrics,
      key,
      adopted: props.archiveBucketName,
    });
    const receiver = new Receiver(this, "Receiver", {
      archive,
      bundle: props.bundles.receiver,
      signatureTolerance: props.signatureTolerance ?? Duration.minutes(30),
      defaultCountryCode: props.defaultCountryCode,
      throttle: props.throttle ?? { rate: 100, burst: 200 },
      onlyElevenLabsAddresses: props.onlyElevenLabsAddresses ?? false,
      secrets,
      key,
    });
    const analytics = new Analytics(this, "Analytics", {
      accessLogs,
      queries: props.queries,
      queryLimitGigabytes: props.queryLimitGigabytes ?? 10,
      key,
    });
    const views = new Views(this, "Views", { analytics, bundle: props.bundles.views, key });
    const closeAfterHours = props.closeAfterHours ?? CLOSE_AFTER_HOURS;
    const compactor = new Compactor(this, "Compactor", {
      analytics,
      bundle: props.bundles.compactor,
      closeAfterHours,
      key,
    });
    // Its first run moves the views, so the views and its rights must exist before.
    compactor.node.addDependency(views);
    const { recordingsReadSoon = false } = props;
    const processor = new Processor(this, "Processor", {
      archive,
      analytics: analytics.bucket,
      bundle: props.bundles.processor,
      remember: props.remember ?? true,
      fetchRecordings: props.fetchRecordings ?? true,
      recordingsReadSoon,
      defaultCountryCode: props.defaultCountryCode,
      concurrency: props.processorConcurrency ?? 4,
      secrets,
      busySchedule: compactor.busySchedule,
      key,
    });
    const { elevenLabsSecret } = processor;
    const reconciler =
      elevenLabsSecret &&
      new Reconciler(this, "Reconciler", {
        archive,
        analytics: analytics.bucket,
        bundle: props.bundles.reconciler,
        elevenLabsSecret,
        secrets,
        webhookUrl: receiver.url,
        defaultCountryCode: props.defaultCountryCode,
        recordingsReadSoon,
        lookBack: props.reconcileBack ?? Duration.hours(24),
        key,
      });
    const analysts = new Analysts(this, "Analysts", { analytics, key });
    const { api } = receiver;
    const readApi =
      (props.readApi ?? true)
        ? new ReadApi(this, "ReadApi", { api, archive, analytics, bundle: props.bundles.readApi, key })
        : undefined;
    const watched = {
      receiver,
      processor,
      compactor,
      reconciler,
      quietHours: props.quietHours ?? 24,
      refusalsPerQuarterHour: props.refusalsPerQuarterHour ?? 20,
    };
    const monitor = new Monitor(this, "Monitor", { ...watched, bundle: props.bundles.monitor, key });
    const alarms = new Alarms(this, "Alarms", { receiver, monitor, email: props.alarmEmail, key });
    if (props.alarms === "each") addEachAlarm(alarms, { ...watched, openHours: closeAfterHours + LATE_HOURS });
    const workgroupName = analytics.workgroup.name;
    const requestMetrics = props.requestMetrics ?? false;
    const dashboard = props.dashboard
      ? new CallDashboard(this, "Dashboard", { ...watched, archive, requestMetrics, workgroupName })
      : undefined;
    if (dashboard || props.alarms === "each")
      for (const measured of [receiver, processor, compactor, ...(reconciler ? [reconciler] : [])])
        measured.handler.addEnvironment(METRICS_VARIABLE, "all");

    this.output({
      WebhookUrl: { value: receiver.url, description: "The URL that ElevenLabs posts webhooks to" },
      ArchiveBucketName: { value: archive.bucketName, description: "Calls and recordings" },
      AnalyticsBucketName: { value: analytics.bucket.bucketName, description: "Rows and query results" },
      DatabaseName: { value: analytics.database.databaseName, description: "Glue database of the tables and views" },
      WorkgroupName: { value: workgroupName, description: "Athena workgroup of the saved queries" },
      WebhookSecretArn: { value: receiver.secret.arn, description: "The secrets that ElevenLabs signs with" },
      [MEMORY_KEY]: { value: processor.mem0Secret?.arn, description: "The API key of Mem0" },
      ElevenLabsSecretArn: { value: elevenLabsSecret?.arn, description: "The API key of ElevenLabs" },
      KeyArn: { value: key?.keyArn, description: "The customer managed key of the archive" },
      DefaultCountryCode: { value: props.defaultCountryCode, description: "Completes national phone numbers" },
      ProcessorLogGroup: { value: processor.handler.logGroup.logGroupName, description: "Results for objects" },
      ReceiverLogGroup: { value: receiver.handler.logGroup.logGroupName, description: "Results for deliveries" },
      CompactorLogGroup: { value: compactor.handler.logGroup.logGroupName, description: "Results for days" },
      ReconcilerLogGroup: {
        value: reconciler?.handler.logGroup.logGroupName,
        description: "Missing calls and recordings, with results",
      },
      QueueUrl: { value: processor.queue.queueUrl, description: "Objects that wait for the processor" },
      DeadLettersUrl: { value: processor.deadLetters.queueUrl, description: "Objects that were dead-lettered" },
      BusyScheduleName: { value: compactor.busySchedule.name, description: "Runs the compactor while there is work" },
      AnalystsPolicyArn: {
        value: analysts.policy.managedPolicyArn,
        description: "The policy to attach to analysts' roles",
      },
      ReadApiUrl: { value: readApi?.url, description: "The address of the read API" },
      ReadApiPolicyArn: {
        value: readApi?.policy.managedPolicyArn,
        description: "The policy to attach to the roles that call the read API",
      },
      ReadApiLogGroup: { value: readApi?.handler.logGroup.logGroupName, description: "Requests of the read API" },
      MonitorLogGroup: { value: monitor.handler.logGroup.logGroupName, description: "Problems that alarms report" },
      AlarmTopicArn: { value: alarms.topic.topicArn, description: "The topic that alarms notify" },
      DashboardUrl: { value: dashboard?.url, description: "The dashboard of the archive" },
    });
  }

  private output(outputs: Outputs): void {
    for (const [name, { value, description }] of Object.entries(outputs))
      if (value !== undefined) new CfnOutput(this, name, { value, description });
  }
}

/** The default of `noncurrentVersionsFor`: a year, or with `retention` a week at most. */
function versionsKeptWith(retention: Duration | undefined): Duration {
  return retention ? Duration.days(Math.min(7, retention.toDays())) : Duration.days(365);
}
