import { type Finding, ok, wrong } from "../../handlers/doctor/finding.ts";

/** What was given up on, and how it is seen. */
export function deadLetterFinding(count: number, command: string): Finding {
  if (count === 0) return ok("dead letters", "nothing was given up on");
  return wrong("dead letters", `${count} objects were given up on`, `${command} lists them, with the reasons`);
}
