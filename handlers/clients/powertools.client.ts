import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Log } from "./log.ts";
import type { Measure, Measurement } from "./measure.ts";

/** Logs each decision as one line of JSON, with the function and the request it belongs to. */
export function powertoolsLog(): Log {
  const logger = new Logger();
  return (entry) => logger.info(String(entry["event"]), { ...entry });
}

/**
 * Publishes figures as CloudWatch metrics, in EMF lines of the log: no request, no rights.
 *
 * What is sorted further is published twice, in all and sorted: CloudWatch does not add up what has dimensions
 * (docs.aws.amazon.com, CloudWatch concepts, 2026-11).
 */
export function powertoolsMeasure(): Measure {
  const metrics = new Metrics();
  return (measurements) => {
    for (const measurement of measurements) {
      add(metrics, measurement);
      if (!measurement.by) continue;
      const sorted = metrics.singleMetric();
      sorted.addDimensions({ ...measurement.by });
      add(sorted, measurement);
    }
    if (measurements.length > 0) metrics.publishStoredMetrics();
  };
}

function add(to: Pick<Metrics, "addMetric">, { name, value, unit }: Measurement): void {
  to.addMetric(name, MetricUnit[unit ?? "Count"], value);
}
