import type { MetricQuery } from "../clients/aws/metric-source.ts";

/** The names of what is watched, and the limits of what is normal. */
export interface Watched {
  readonly queue: string;
  readonly deadLetters: string;
  readonly receiver: string;
  readonly processor: string;
  readonly compactor: string;
  /** `undefined` if there is no reconciler. */
  readonly reconciler: string | undefined;
  /** The namespace of the metrics that the functions send. */
  readonly namespace: string;
  /** The longest normal time without a delivery, in hours. */
  readonly quietHours: number;
  readonly refusalsPerQuarterHour: number;
  readonly processorTimeoutSeconds: number;
}

type HourlyMetric =
  | "deadLetters"
  | "oldestMessage"
  | "refusals"
  | "processorErrors"
  | "processorDuration"
  | "compactorErrors";

interface ReconcilerMetric {
  readonly reconcilerErrors?: MetricQuery;
}

/** The metrics of the last hours, by what they are read for. Each costs $0.0072 a month when it is read hourly. */
export function recentMetrics(watched: Watched): Readonly<Record<HourlyMetric, MetricQuery>> & ReconcilerMetric {
  return {
    deadLetters: ofQueue(watched.deadLetters, "ApproximateNumberOfMessagesVisible", "Maximum"),
    oldestMessage: ofQueue(watched.queue, "ApproximateAgeOfOldestMessage", "Maximum"),
    refusals: {
      namespace: watched.namespace,
      name: "Refused",
      dimensions: { service: "receiver" },
      statistic: "Sum",
    },
    processorErrors: ofFunction(watched.processor, "Errors", "Sum"),
    processorDuration: ofFunction(watched.processor, "Duration", "Maximum"),
    // 0 if one run of the period succeeded.
    compactorErrors: ofFunction(watched.compactor, "Errors", "Minimum"),
    ...(watched.reconciler !== undefined && { reconcilerErrors: ofFunction(watched.reconciler, "Errors", "Sum") }),
  };
}

/** The metrics of the last weeks: deliveries, and objects to process. */
export function deliveryMetrics(watched: Watched) {
  return {
    invocations: ofFunction(watched.receiver, "Invocations", "Sum"),
    objects: ofQueue(watched.queue, "NumberOfMessagesSent", "Sum"),
  };
}

function ofQueue(QueueName: string, name: string, statistic: MetricQuery["statistic"]): MetricQuery {
  return { namespace: "AWS/SQS", name, dimensions: { QueueName }, statistic };
}

function ofFunction(FunctionName: string, name: string, statistic: MetricQuery["statistic"]): MetricQuery {
  return { namespace: "AWS/Lambda", name, dimensions: { FunctionName }, statistic };
}
