import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The test files that take longest, and those that wait longest, so that no run ends with one busy worker. */
const LONG = [
  "faults/killed-while-remembering.slow",
  "infrastructure/local/own-sql.slow",
  "faults/bit-flips.slow",
  "queries/saved-queries",
  "infrastructure/commands/mcp/run-mcp.slow",
  "handlers/verify/verify-archive",
  "faults/crash-matrix.slow",
  "infrastructure/commands/reprocess/run-reprocess",
  "infrastructure/local/readers.slow",
  "faults/little-memory.slow",
  "infrastructure/local/memory-use.slow",
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
