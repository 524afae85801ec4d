import { cloudWatchMetrics } from "../clients/aws/cloudwatch-metrics.client.ts";
import { environment } from "../clients/credentials/environment.client.ts";
import { powertoolsHandler } from "../clients/observability/powertools.client.ts";
import type { MonitorVariables } from "./environment.ts";
import { monitorHandler } from "./schedule-handler.ts";

const { required, optional } = environment<MonitorVariables>();

/** Fails if a metric of the archive shows a problem. */
export const handler = powertoolsHandler(({ log }) =>
  monitorHandler({
    metrics: cloudWatchMetrics(),
    watched: {
      queue: required("QUEUE_NAME"),
      deadLetters: required("DEAD_LETTERS_NAME"),
      receiver: required("RECEIVER_NAME"),
      processor: required("PROCESSOR_NAME"),
      compactor: required("COMPACTOR_NAME"),
      reconciler: optional("RECONCILER_NAME"),
      namespace: required("METRICS_NAMESPACE"),
      quietHours: Number(required("QUIET_HOURS")),
      refusalsPerQuarterHour: Number(required("REFUSALS_PER_QUARTER_HOUR")),
      processorTimeoutSeconds: Number(required("PROCESSOR_TIMEOUT_SECONDS")),
    },
    now: () => new Date(),
    log,
  }),
);
