/**
 * Every metric, by the function that publishes it. Only those in `ALWAYS_SENT` are sent by default:
 * see `sent-metrics.ts`.
 */
export interface MetricsOf {
  readonly receiver: "Received" | "Refused" | "SetApart" | "StoreFailed";
  readonly processor:
    | "Processed"
    | "Duplicates"
    | "Ignored"
    | "RecordingsStored"
    | "MemoriesWritten"
    | "RowsWritten"
    | "Failed"
    | "IngestLag";
  readonly compactor: "DaysClosed" | "DirtyShards" | "OldestOpenDay" | "UnreadableObjects";
  readonly reconciler: "MissingCalls" | "RecoveredCalls" | "RecoveredRecordings" | "WebhookFindings";
}

/** A function that publishes metrics, as the dimension `service` names it. */
export type MeasuredFunction = keyof MetricsOf;

/** One measurement. `by` has its dimensions, such as the reason of a refusal. */
export interface Measurement<Measured extends MeasuredFunction = MeasuredFunction> {
  readonly name: MetricsOf[Measured];
  readonly value: number;
  /** `Count` by default. */
  readonly unit?: "Seconds";
  readonly by?: Readonly<Record<string, string>>;
}

/** Publishes the measurements of an invocation of the function `Measured`. */
export type Measure<Measured extends MeasuredFunction = MeasuredFunction> = (
  measurements: readonly Measurement<Measured>[],
) => void;
