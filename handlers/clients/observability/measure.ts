/** Every metric, by the function that publishes it. Alarms and the dashboard draw these, and the functions measure these. */
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

/** One figure of what happened. `by` sorts it further, such as refusals by their reason. */
export interface Measurement<Measured extends MeasuredFunction = MeasuredFunction> {
  readonly name: MetricsOf[Measured];
  readonly value: number;
  /** `Count` unless it says otherwise. */
  readonly unit?: "Seconds";
  readonly by?: Readonly<Record<string, string>>;
}

/** Publishes what an invocation of the function `Measured` measured. */
export type Measure<Measured extends MeasuredFunction = MeasuredFunction> = (
  measurements: readonly Measurement<Measured>[],
) => void;
