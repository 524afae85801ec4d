import { type Finding, ok, wrong } from "../../../handlers/doctor/finding.ts";

/** What was given up on, and the command that shows it. */
export function deadLetterFinding(count: number, command: string): Finding {
  if (count === 0) return ok("dead letters", "nothing was given up on");
  const says = count === 1 ? "1 object was given up on" : `${count} objects were given up on`;
  return wrong("dead letters", says, `${command} lists them, with the reasons`);
}
