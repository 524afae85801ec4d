/** The environment variables of the monitor's function. */
export interface MonitorVariables {
  readonly required:
    | "QUEUE_NAME"
    | "DEAD_LETTERS_NAME"
    | "RECEIVER_NAME"
    | "PROCESSOR_NAME"
    | "COMPACTOR_NAME"
    | "METRICS_NAMESPACE"
    | "QUIET_HOURS"
    | "REFUSALS_PER_QUARTER_HOUR"
    | "PROCESSOR_TIMEOUT_SECONDS";
  /** The function of the reconciler, if there is one. */
  readonly optional: "RECONCILER_NAME";
}
