import { ServiceRefused } from "../http/service-errors.ts";

/** The statuses that refuse the memory itself, and stay the same for it (docs.mem0.ai, Add Memories, 2026-11). */
const OF_CONTENT: ReadonlySet<number> = new Set([400, 413, 422]);

/** Whether the service refused the content of a memory. It may accept another memory, and never this one. */
export function isRefusalOfMemory(error: unknown): error is ServiceRefused {
  return error instanceof ServiceRefused && OF_CONTENT.has(error.status);
}
