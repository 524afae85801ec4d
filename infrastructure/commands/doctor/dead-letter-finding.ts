import { type DoctorFinding, ok, wrong } from "../../../handlers/doctor/doctor-finding.ts";

/** The finding on dead letters, with the command that lists them. */
export function deadLetterFinding(count: number, command: string): DoctorFinding {
  if (count === 0) return ok("dead letters", "nothing was dead-lettered");
  const detail = count === 1 ? "1 object was dead-lettered" : `${count} objects were dead-lettered`;
  return wrong("dead letters", detail, `${command} lists them with the reasons`);
}
