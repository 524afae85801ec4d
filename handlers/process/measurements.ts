import { LeaseHeld } from "../clients/lease.ts";
import type { Measurement } from "../clients/observability/measure.ts";
import { type Outcome, StepsFailed } from "./process.ts";
import type { Written } from "./task.ts";
import { Unprocessable } from "./unprocessable.ts";

/** The measurements of an object that was processed, skipped or ignored. */
export function measurementsOfOutcome(outcome: Outcome): Measurement<"processor">[] {
  if (outcome.outcome === "duplicate") return [{ name: "Duplicates", value: 1 }];
  if (outcome.outcome !== "processed") return [{ name: "Ignored", value: 1 }];
  const { steps, written, lagSeconds } = outcome;
  // Its recording was requested again, and does not exist yet.
  if (steps.length === 0) return measurementsOfWritten(written);
  const lag: Measurement<"processor">[] =
    lagSeconds === null ? [] : [{ name: "IngestLag", value: lagSeconds, unit: "Seconds" }];
  return [{ name: "Processed", value: 1 }, ...measurementsOfWritten(written), ...lag];
}

/** The measurements of an object that failed: the failed steps, and what the other steps wrote. */
export function measurementsOfFailure(error: unknown): Measurement<"processor">[] {
  if (!(error instanceof StepsFailed)) return [{ name: "Failed", value: 1, by: { step: stageOf(error) } }];
  const failed = error.failed.map((step): Measurement<"processor"> => ({ name: "Failed", value: 1, by: { step } }));
  return [...failed, ...measurementsOfWritten(error.done.written)];
}

/** The stage before the first step at which a run failed. */
function stageOf(error: unknown): string {
  if (error instanceof LeaseHeld) return "lease";
  return error instanceof Unprocessable ? "read" : "index";
}

function measurementsOfWritten({ recordings = 0, rows = 0, memories = 0 }: Written): Measurement<"processor">[] {
  const measurements: Measurement<"processor">[] = [
    { name: "RecordingsStored", value: recordings },
    { name: "RowsWritten", value: rows },
    { name: "MemoriesWritten", value: memories },
  ];
  return measurements.filter(({ value }) => value > 0);
}
