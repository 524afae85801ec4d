import type { Range } from "./range.ts";

/** A finding of the last verification, or of the last run of the doctor. */
export interface ReportedFinding {
  /** The kind of a finding of verify; the level of a finding of the doctor: `note` or `wrong`. */
  readonly kind: string;
  /** The key of the object; for the doctor, the thing that was checked. */
  readonly subject: string;
  readonly what: string;
  readonly remedy: string | null;
}

/** The findings of one run. */
export interface FindingsReport {
  /** ISO 8601. */
  readonly checked_at: string;
  /** The number of findings, of which the first are in `findings`. */
  readonly count: number;
  readonly findings: readonly ReportedFinding[];
}

/** The commands whose findings are stored. */
export type Reporter = "verify" | "doctor";

/** The calls of one UTC day that the archive lacked when it was last compared with ElevenLabs. */
export interface Comparison {
  readonly day: string;
  /** ISO 8601. */
  readonly checked_at: string;
  /** The number of calls that ElevenLabs listed. */
  readonly listed: number;
  /** The ids of conversations. */
  readonly missing: readonly string[];
}

/** The results that verify, the doctor and backfill stored last. A part is absent if it was never stored. */
export interface StoredReports {
  findings(reporter: Reporter): Promise<FindingsReport | undefined>;
  /** The comparisons of the days in `range`, in their order. */
  comparisons(range: Range): Promise<readonly Comparison[]>;
}
