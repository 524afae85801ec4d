import type { BenchRow } from "./measurement.ts";
import type { RunTask } from "./tasks.ts";

/** How much is measured. `quick` only shows that the code of each row works. */
export type Scale = "full" | "quick";

/** Rows that are measured together. */
export interface Group {
  /** Its name on the command line, in the results and in docs/performance.md. */
  readonly name: string;
  /** Measures the rows. `run` runs a task, usually in a new process. */
  readonly measure: (scale: Scale, run: RunTask) => Promise<BenchRow[]>;
}
