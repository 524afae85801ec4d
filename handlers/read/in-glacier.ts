import { Problem } from "./problem.ts";

/** The problem of an object that must be restored before it can be read. */
export function inGlacier(options: ErrorOptions = {}): Problem {
  const detail = "The object is in Glacier: restore it (docs/operating.md), and repeat the request after some hours.";
  return new Problem(409, "Object in Glacier", detail, options);
}

/**
 * Turns S3's error for an object in Glacier into a problem, and throws every other error (S3 API, GetObject, 2026-11).
 *
 * @throws {Problem}
 */
export function throwIfInGlacier(error: unknown): never {
  throw error instanceof Error && error.name === "InvalidObjectState" ? inGlacier({ cause: error }) : error;
}
