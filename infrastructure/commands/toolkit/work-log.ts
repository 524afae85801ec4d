import type { Log, LogEntry } from "../../../handlers/clients/observability/log.ts";
import { jsonLog } from "../../local/log.ts";

/** Returns a log that passes each entry to `write` as one line of JSON, with the time of this machine. */
export function logTo(write: (line: string) => void): Log {
  return jsonLog(
    (line) => write(line.trimEnd()),
    () => new Date(),
  );
}

/** Whether an entry reports a failed try to process an object, including the last try. */
export function isFailure({ event }: LogEntry): boolean {
  return event === "failed" || event === "dead-lettered";
}
