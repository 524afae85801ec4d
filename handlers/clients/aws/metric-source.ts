/** One metric of CloudWatch, in periods of equal length. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Minimum" | "Maximum";
}

/** The value of a metric in the period that begins at `at`. A period without data has no point. */
export interface MetricPoint {
  readonly at: Date;
  readonly value: number;
}

/** A span of time, in periods of `periodSeconds`. */
export interface MetricWindow {
  readonly from: Date;
  readonly until: Date;
  readonly periodSeconds: number;
}

/** Reads metrics. */
export interface MetricSource {
  /** The points of each metric, oldest first, in the order of `queries`. */
  read(queries: readonly MetricQuery[], window: MetricWindow): Promise<readonly (readonly MetricPoint[])[]>;
}
