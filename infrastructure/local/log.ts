import type { Log } from "../../handlers/clients/observability/log.ts";

/** Returns a log that writes each entry as one line of JSON. */
export function jsonLog(write: (line: string) => void, now: () => Date): Log {
  return (entry) => write(`${JSON.stringify({ at: now().toISOString(), ...entry })}\n`);
}
