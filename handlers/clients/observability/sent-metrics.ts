import type { MeasuredFunction, MetricsOf } from "./measure.ts";

/** The environment variable of each function. Every metric is sent if it is `all`. CloudWatch bills $0.30 for each. */
export const METRICS_VARIABLE = "CALL_ARCHIVE_METRICS";

/** The metrics that are sent by every deployment: the monitor reads them. Without a problem they have no value to send. */
export const ALWAYS_SENT = ["Refused"] as const satisfies readonly MetricsOf[MeasuredFunction][];
