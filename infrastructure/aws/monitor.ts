import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { MonitorVariables } from "../../handlers/monitor/environment.ts";
import { acknowledge } from "./acknowledge.ts";
import { ArchiveFunction, metricsNamespace } from "./archive-function.ts";
import type { Bundle } from "./bundle.client.ts";
import type { Compactor } from "./compactor.ts";
import type { Processor } from "./processor.ts";
import type { Receiver } from "./receiver.ts";
import type { Reconciler } from "./reconciler.ts";

export interface MonitorProps {
  readonly bundle: Bundle;
  readonly receiver: Receiver;
  readonly processor: Processor;
  readonly compactor: Compactor;
  /** `undefined` if `fetchRecordings` is off. */
  readonly reconciler: Reconciler | undefined;
  readonly quietHours: number;
  readonly refusalsPerQuarterHour: number;
  readonly key: IKey | undefined;
}

/** The function that reads the metrics of the archive once an hour, and fails if one shows a problem. */
export class Monitor extends Construct {
  readonly handler: ArchiveFunction<MonitorVariables>;

  constructor(scope: Construct, id: string, props: MonitorProps) {
    super(scope, id);
    const { receiver, processor, compactor, reconciler } = props;
    this.handler = new ArchiveFunction<MonitorVariables>(this, "Handler", {
      bundle: props.bundle,
      key: props.key,
      description: "Reads the metrics of the archive, and fails if one shows a problem",
      timeout: Duration.minutes(2),
      memoryMegabytes: 256,
      environment: {
        QUEUE_NAME: processor.queue.queueName,
        DEAD_LETTERS_NAME: processor.deadLetters.queueName,
        RECEIVER_NAME: receiver.handler.functionName,
        PROCESSOR_NAME: processor.handler.functionName,
        COMPACTOR_NAME: compactor.handler.functionName,
        RECONCILER_NAME: reconciler?.handler.functionName,
        METRICS_NAMESPACE: metricsNamespace(this),
        QUIET_HOURS: String(props.quietHours),
        REFUSALS_PER_QUARTER_HOUR: String(props.refusalsPerQuarterHour),
        PROCESSOR_TIMEOUT_SECONDS: String(processor.timeout.toSeconds()),
      },
    });
    this.handler.configureAsyncInvoke({ retryAttempts: 0 });
    new Rule(this, "Schedule", {
      description: "Runs the monitor",
      // At one minute of the hour, so that the alarm has data in each hour of the clock.
      schedule: Schedule.cron({ minute: "17" }),
      targets: [new LambdaFunction(this.handler)],
    });
    this.handler.addToRolePolicy(new PolicyStatement({ actions: ["cloudwatch:GetMetricData"], resources: ["*"] }));
    acknowledge(
      this.handler.executionRole,
      "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
      "CloudWatch's metrics have no narrower resource, and the right only reads",
    );
  }
}
