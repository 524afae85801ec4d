import { Aws, Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { Monitor } from "./monitor.ts";
import type { Receiver } from "./receiver.ts";

export interface AlarmsProps {
  readonly receiver: Receiver;
  readonly monitor: Monitor;
  /** The address that gets the alarms. Without it, subscribe to the topic yourself. */
  readonly email?: string | undefined;
  readonly key: IKey | undefined;
}

/**
 * The two alarms that every archive has, and the topic that alarms notify. `docs/operating.md` has a section for each
 * alarm, with its name. `EachAlarm` adds an alarm for each problem.
 */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { receiver, monitor, email, key }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", {
      displayName: "Call archive",
      enforceSSL: true,
      ...(key && { masterKey: key }),
    });
    this.topic.addToResourcePolicy(fromAlarmsTo(this.topic));
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));

    this.above(0, "Receiver5xx", "Deliveries got status 5xx: ElevenLabs may not send them again", {
      metric: receiver.serverErrors({ period: Duration.minutes(5) }),
    });
    this.above(0, "Problems", "The monitor found a problem: its log names it", {
      metric: monitor.handler.metricErrors({ period: Duration.hours(1), statistic: "Sum" }),
      isSilenceBad: true,
    });
  }

  /** Adds an alarm for a metric above `threshold`. With `isSilenceBad` it also notifies when the data ends. */
  above(
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

  /** Adds an alarm for hours in which a metric has no data. */
  silent(hours: number, name: string, description: string, metric: Metric): void {
    const alarm = new Alarm(this, name, {
      alarmDescription: `${description}. See docs/operating.md, ${name}`,
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: hours,
      treatMissingData: TreatMissingData.MISSING,
    });
    this.notify(alarm);
    this.notifyOfSilence(alarm);
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
