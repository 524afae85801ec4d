/** One figure of what happened. `by` sorts it further, such as refusals by their reason. */
export interface Measurement {
  readonly name:
    | "Received"
    | "Refused"
    | "SetApart"
    | "StoreFailed"
    | "Processed"
    | "Duplicates"
    | "Ignored"
    | "RecordingsStored"
    | "MemoriesWritten"
    | "RowsWritten"
    | "Failed"
    | "IngestLag"
    | "DaysClosed"
    | "DirtyShards"
    | "OldestOpenDay"
    | "UnreadableObjects"
    | "MissingCalls"
    | "RecoveredCalls"
    | "RecoveredRecordings"
    | "WebhookFindings";
  readonly value: number;
  /** `Count` unless it says otherwise. */
  readonly unit?: "Seconds";
  readonly by?: Readonly<Record<string, string>>;
}

/** Publishes what an invocation measured. */
export type Measure = (measurements: readonly Measurement[]) => void;
