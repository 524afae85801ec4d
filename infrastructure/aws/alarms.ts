import { Aws, Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, type MetricOptions, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { MeasuredFunction, MetricsOf } from "../../handlers/clients/observability/measure.ts";
import { metricsNamespace } from "./archive-function.ts";
import type { Compactor } from "./compactor.ts";
import type { Processor } from "./processor.ts";
import type { Receiver } from "./receiver.ts";
import type { Reconciler } from "./reconciler.ts";

export interface AlarmsProps {
  readonly receiver: Receiver;
  readonly processor: Processor;
  readonly compactor: Compactor;
  /** `undefined` if `fetchRecordings` is off. */
  readonly reconciler: Reconciler | undefined;
  readonly closeAfterHours: number;
  /** The address that gets the alarms. Without it, subscribe to the topic yourself. */
  readonly email?: string | undefined;
  /** The longest time without a call that raises no alarm, in whole hours, up to a week. */
  readonly quietHours: number;
  /** The number of refusals in a quarter of an hour that is normal for a public endpoint. More raise an alarm. */
  readonly refusalsPerQuarterHour: number;
  readonly key: IKey | undefined;
}

/** How late a day may be closed before the alarm OldestOpenDay. */
const GRACE_HOURS = 3;

/** A metric that a function publishes: the sum over five minutes, unless `more` states otherwise. */
export function metricOf<Measured extends MeasuredFunction>(
  scope: Construct,
  metricName: MetricsOf[Measured],
  service: Measured,
  more: MetricOptions = {},
) {
  return new Metric({
    namespace: metricsNamespace(scope),
    metricName,
    dimensionsMap: { service },
    statistic: "Sum",
    period: Duration.minutes(5),
    ...more,
  });
}

/** The alarms, and the topic that they notify. `docs/operating.md` has a section for each alarm, with its name. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { receiver, processor, compactor, closeAfterHours, quietHours, refusalsPerQuarterHour } = props;
    this.topic = new Topic(this, "Topic", {
      displayName: "Call archive",
      enforceSSL: true,
      ...(props.key && { masterKey: props.key }),
    });
    this.topic.addToResourcePolicy(fromAlarmsTo(this.topic));
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));

    const minutes = (period: number, statistic: string) => ({ period: Duration.minutes(period), statistic });
    this.above(0, "DeadLetters", "Objects were dead-lettered", {
      metric: processor.deadLetters.metricApproximateNumberOfMessagesVisible(minutes(5, "Maximum")),
    });
    this.above(3_600, "OldestMessage", "An object has waited for more than an hour", {
      metric: processor.queue.metricApproximateAgeOfOldestMessage(minutes(5, "Maximum")),
    });
    this.above(0, "Receiver5xx", "Deliveries got status 5xx: ElevenLabs may not send them again", {
      metric: receiver.api.metricServerError(minutes(5, "Sum")),
    });
    this.above(refusalsPerQuarterHour, "Refusals", "Many deliveries were refused: the webhook secret may be wrong", {
      metric: metricOf(this, "Refused", "receiver", minutes(15, "Sum")),
    });
    this.above(0, "ProcessorErrors", "The processor failed: it crashed, or ran out of memory or time", {
      metric: processor.handler.metricErrors(minutes(5, "Sum")),
    });
    this.above(0.8 * processor.timeout.toMilliseconds(), "ProcessorDuration", "The processor nears its timeout", {
      metric: processor.handler.metricDuration(minutes(5, "Maximum")),
    });
    this.above(0, "ReceiverThrottled", "The receiver was throttled: it did not accept some deliveries", {
      metric: receiver.handler.metricThrottles(minutes(5, "Sum")),
    });
    this.above(2, "CompactorErrors", "The compactor fails repeatedly", {
      metric: compactor.handler.metricErrors(minutes(15, "Sum")),
    });
    this.above(0, "UnreadableObjects", "Rows are missing from closed days: some live objects cannot be read", {
      metric: metricOf(this, "UnreadableObjects", "compactor", minutes(15, "Maximum")),
    });
    this.above(
      3_600 * (closeAfterHours + GRACE_HOURS),
      "OldestOpenDay",
      "Past days are not closed: queries get slower",
      {
        metric: metricOf(this, "OldestOpenDay", "compactor", minutes(60, "Minimum")),
        isSilenceBad: true,
      },
    );
    if (props.reconciler) this.ofReconciler(props.reconciler);
    const noCalls = new Alarm(this, "NoCalls", {
      alarmDescription: `No delivery was received for ${quietHours} hours. See docs/operating.md, NoCalls`,
      metric: metricOf(this, "Received", "receiver", { period: Duration.hours(1) }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: quietHours,
      treatMissingData: TreatMissingData.MISSING,
    });
    this.notify(noCalls);
    this.notifyOfSilence(noCalls);
  }

  private ofReconciler(reconciler: Reconciler): void {
    const hourly = (statistic: string) => ({ period: Duration.hours(1), statistic });
    this.above(0, "MissingCalls", "Calls that ElevenLabs lists are not in the archive and could not be fetched", {
      metric: metricOf(this, "MissingCalls", "reconciler", hourly("Maximum")),
    });
    this.above(0, "WebhookFindings", "The webhook's settings at ElevenLabs lose calls, or will soon", {
      metric: metricOf(this, "WebhookFindings", "reconciler", hourly("Maximum")),
    });
    this.above(0, "ReconcilerErrors", "The reconciler could not list the calls at ElevenLabs", {
      metric: reconciler.handler.metricErrors(hourly("Sum")),
    });
  }

  private above(
    threshold: number,
    name: string,
    description: string,
    { metric, isSilenceBad = false }: { readonly metric: Metric; readonly isSilenceBad?: boolean },
  ): void {
    const alarm = new Alarm(this, name, {
      alarmDescription: `${description}. See docs/operating.md, ${name}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: isSilenceBad ? TreatMissingData.MISSING : TreatMissingData.NOT_BREACHING,
    });
    this.notify(alarm);
    if (isSilenceBad) this.notifyOfSilence(alarm);
  }

  /**
   * Notifies when the data of an alarm ends. A new alarm begins without data, and CloudWatch notifies only of changes,
   * so a new stack is quiet until its first call (docs.aws.amazon.com, Using alarms, missing data, 2026-11).
   */
  private notifyOfSilence(alarm: Alarm): void {
    alarm.addInsufficientDataAction(new SnsAction(this.topic));
  }

  private notify(alarm: Alarm): void {
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

/**
 * Lets this account's alarms publish to the topic. The topic's own policy replaces the default policy of SNS, so
 * CloudWatch needs this statement.
 */
function fromAlarmsTo(topic: Topic): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    actions: ["sns:Publish"],
    resources: [topic.topicArn],
    conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
  });
}
