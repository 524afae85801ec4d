/** What is not in the template and was not measured. Change a value here, and run `npm run cost`. */
export interface Assumptions {
  /** Seconds of a delivery. */
  readonly receiverSeconds: number;
  /** Seconds in which the processing of a call waits for other services, and in which it uses a whole vCPU. */
  readonly processorWaitSeconds: number;
  readonly processorCpuSeconds: number;
  /** Seconds of a run of the compactor that finds nothing to do, with its start. */
  readonly compactorSeconds: number;
  /** Seconds that closing a day takes for each call: measured without AWS. */
  readonly closeCallSeconds: number;
  /** Seconds that packing an hour takes besides its calls, in which Athena replaces the views: a guess. */
  readonly packHourSeconds: number;
  /** Seconds of a run of the reconciler without calls, with its start. */
  readonly reconcilerSeconds: number;
  /** The hours of a day in which a schedule is enabled that runs only while there is work. */
  readonly busyHours: number;
  /** Seconds of a run of any other scheduled function, and how many metrics it reads if it reads metrics. */
  readonly otherSeconds: number;
  readonly metricsRead: number;
  /** Seconds of a request to S3, and how many the reconciler has at once. */
  readonly requestSeconds: number;
  readonly reconciledAtOnce: number;
  /** Calls in a batch of the processor. */
  readonly batchCalls: number;
  /** How much longer a batch takes for each further call, as a share of the time of one call. */
  readonly furtherCallShare: number;
  /** Bytes of a call's rows in a closed day: measured at 1,000 and more calls a day. */
  readonly closedBytes: number;
  /** Bytes of a line of S3's access logs, and of the receiver's access log. */
  readonly accessLogLineBytes: number;
  readonly apiLogLineBytes: number;
  /**
   * Metrics that S3 sends for each filter of request metrics: those of operations that happen. Reads happen in every
   * hour, because the reconciler reads.
   */
  readonly requestMetricsOfReads: number;
  readonly requestMetricsOfPuts: number;
  /** Polls of an empty queue in a month: five pollers, each for 20 seconds (docs.aws.amazon.com, 2026-11). */
  readonly emptyPolls: number;
  /** How often a warm function reads a secret again, in seconds: `MAX_AGE_SECONDS` in `secrets.client.ts`. */
  readonly secretSeconds: number;
}

/** The assumptions of the page. */
export const ASSUMPTIONS: Assumptions = {
  receiverSeconds: 0.1,
  processorWaitSeconds: 1.3,
  processorCpuSeconds: 0.12,
  compactorSeconds: 1,
  closeCallSeconds: 0.006,
  packHourSeconds: 10,
  reconcilerSeconds: 2,
  busyHours: 1,
  otherSeconds: 1,
  metricsRead: 9,
  requestSeconds: 0.015,
  reconciledAtOnce: 8,
  batchCalls: 1,
  furtherCallShare: 0.1,
  closedBytes: 1_000,
  accessLogLineBytes: 500,
  apiLogLineBytes: 350,
  requestMetricsOfReads: 8,
  requestMetricsOfPuts: 2,
  emptyPolls: 648_000,
  secretSeconds: 240,
};
