import { AsyncLocalStorage } from "node:async_hooks";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import type { Log } from "./log.ts";
import type { Measure, Measurement } from "./measure.ts";

/** Where a function logs its decisions and publishes its metrics. */
export interface Observability {
  readonly log: Log;
  readonly measure: Measure;
}

/** The request id of an invocation, for everything that it starts, however late that logs. */
const requestId = new AsyncLocalStorage<string>();

/**
 * The handler that `make` returns. Every line that it logs or measures has the `request_id` of its invocation.
 *
 * A line from outside an invocation has no request id.
 */
export function powertoolsHandler<Event, Answer, Invocation extends Pick<Context, "awsRequestId">>(
  make: (observing: Observability) => (event: Event, context: Invocation) => Promise<Answer>,
): (event: Event, context: Invocation) => Promise<Answer> {
  const handler = make({ log: powertoolsLog(), measure: powertoolsMeasure() });
  return (event, context) => requestId.run(context.awsRequestId, () => handler(event, context));
}

/** Logs each decision as one line of JSON, with the function and the request it belongs to. */
function powertoolsLog(): Log {
  const logger = new Logger();
  return (entry) => logger.info(String(entry["event"]), { ...entry, ...requested() });
}

/**
 * Publishes figures as CloudWatch metrics, in EMF lines of the log: no request, no rights.
 *
 * What is sorted further is published twice, in all and sorted: CloudWatch does not add up what has dimensions
 * (docs.aws.amazon.com, CloudWatch concepts, 2026-11).
 */
function powertoolsMeasure(): Measure {
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

/** The request id goes beside the metrics and is no dimension: it would make a metric of each request. */
function add(to: Pick<Metrics, "addMetric" | "addMetadata">, { name, value, unit }: Measurement): void {
  for (const [key, text] of Object.entries(requested())) to.addMetadata(key, text);
  to.addMetric(name, MetricUnit[unit ?? "Count"], value);
}

function requested(): { readonly request_id?: string } {
  const id = requestId.getStore();
  return id === undefined ? {} : { request_id: id };
}
