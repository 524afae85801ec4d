import type { TestProject } from "vitest/node";
import { pythonWithReaders, READERS_MISSING } from "./python.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A Python that has the readers; `undefined` if there is none. */
    python: string | undefined;
  }
}

/** Looks for a Python with the readers, and prints if there is none. */
export default function setup({ provide }: TestProject): void {
  const python = pythonWithReaders();
  if (python === undefined) process.stderr.write(`\n  SKIPPED: the readers in Python. ${READERS_MISSING}\n\n`);
  provide("python", python);
}
