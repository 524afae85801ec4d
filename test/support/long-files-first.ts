import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The test files that take longest, and those that wait longest, so that no run ends with one busy worker. */
const LONG = [
  "faults/killed-while-remembering",
  "faults/bit-flips",
  "queries/saved-queries",
  "infrastructure/local/memory-use",
  "infrastructure/commands/load/run-load",
  "faults/killed",
  "handlers/verify/verify-archive",
  "faults/crash-matrix",
  "queries/hostile-values",
  "infrastructure/local/readers",
  "faults/little-memory",
  "faults/clock",
  "infrastructure/local/slow-senders",
].map((name) => `/test/${name}.test.ts`);

/** Starts the long test files first, and the others in vitest's order. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}

function place({ moduleId }: TestSpecification): number {
  const index = LONG.findIndex((name) => moduleId.replaceAll("\\", "/").endsWith(name));
  return index < 0 ? LONG.length : index;
}
