import { AsyncLocalStorage } from "node:async_hooks";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import type { Log } from "./log.ts";
import type { Measure, Measurement } from "./measure.ts";
import { ALWAYS_SENT, METRICS_VARIABLE } from "./sent-metrics.ts";

/** The log and the metrics of a function. */
export interface Observability {
  readonly log: Log;
  readonly measure: Measure;
}

/** The request id of an invocation, for everything that it starts, even if that logs after the end. */
const requestId = new AsyncLocalStorage<string>();

/**
 * Returns the handler that `make` returns. Every line that it logs or measures has the `request_id` of its invocation.
 *
 * A line from outside an invocation has no request id.
 */
export function powertoolsHandler<Event, Answer, Invocation extends Pick<Context, "awsRequestId">>(
  make: (observing: Observability) => (event: Event, context: Invocation) => Promise<Answer>,
): (event: Event, context: Invocation) => Promise<Answer> {
  const handler = make({ log: powertoolsLog(), measure: powertoolsMeasure() });
  return (event, context) => requestId.run(context.awsRequestId, () => handler(event, context));
}

/** Logs each decision as one line of JSON, with the function and the request id. */
function powertoolsLog(): Log {
  const logger = new Logger();
  return (entry) => logger.info(String(entry["event"]), { ...entry, ...requestIdField() });
}

/**
 * Publishes measurements as CloudWatch metrics, in EMF lines of the log. That takes no request and no rights.
 *
 * A measurement with dimensions is published twice, with them and without: CloudWatch does not add up metrics with
 * dimensions (docs.aws.amazon.com, CloudWatch concepts, 2026-11).
 *
 * CloudWatch bills a metric for each hour in which it is sent. So a count of 0 is never sent, and by default only what
 * the monitor reads, without dimensions.
 */
function powertoolsMeasure(): Measure {
  const metrics = new Metrics();
  const areAllSent = process.env[METRICS_VARIABLE] === "all";
  const isSent = ({ name, value, unit }: Measurement) =>
    (value !== 0 || unit === "Seconds") && (areAllSent || ALWAYS.has(name));
  return (measurements) => {
    const sent = measurements.filter(isSent);
    for (const measurement of sent) {
      add(metrics, measurement);
      if (!measurement.by || !areAllSent) continue;
      const withDimensions = metrics.singleMetric();
      withDimensions.addDimensions({ ...measurement.by });
      add(withDimensions, measurement);
    }
    if (sent.length > 0) metrics.publishStoredMetrics();
  };
}

const ALWAYS: ReadonlySet<string> = new Set(ALWAYS_SENT);

/**
 * Adds a measurement. The request id is metadata, not a dimension: as a dimension it would make a metric of each
 * request.
 */
function add(to: Pick<Metrics, "addMetric" | "addMetadata">, { name, value, unit }: Measurement): void {
  for (const [key, text] of Object.entries(requestIdField())) to.addMetadata(key, text);
  to.addMetric(name, MetricUnit[unit ?? "Count"], value);
}

function requestIdField(): { readonly request_id?: string } {
  const id = requestId.getStore();
  return id === undefined ? {} : { request_id: id };
}
