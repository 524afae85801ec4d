import { ServiceRefused } from "../http/service-errors.ts";

/** Which answers are about the memory itself, and stay the same for the same memory (docs.mem0.ai, Add Memories, 2026-11). */
const OF_CONTENT: ReadonlySet<number> = new Set([400, 413, 422]);

/** Whether a memory was refused for what is in it: another one may be taken, and this one never is. */
export function isRefusalOfMemory(error: unknown): error is ServiceRefused {
  return error instanceof ServiceRefused && OF_CONTENT.has(error.status);
}
