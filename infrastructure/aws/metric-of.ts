import { Duration } from "aws-cdk-lib";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { MeasuredFunction, MetricsOf } from "../../handlers/clients/observability/measure.ts";
import { metricsNamespace } from "./archive-function.ts";

/** A metric that a function publishes: the sum over five minutes, unless `more` states otherwise. */
export function metricOf<Measured extends MeasuredFunction>(
  scope: Construct,
  metricName: MetricsOf[Measured],
  service: Measured,
  more: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: metricsNamespace(scope),
    metricName,
    dimensionsMap: { service },
    statistic: "Sum",
    period: Duration.minutes(5),
    ...more,
  });
}
