import { type DoctorFinding, note, ok, wrong } from "./doctor-finding.ts";

/** A smaller difference is not reported: the network alone causes some seconds. */
const NOTICED_SECS = 60;

/** Half of the tolerance of signatures: the other half is for the time of delivery. */
const MAX_SECS = 900;

/** The finding about a clock that is `aheadSecs` ahead of ours. Signatures are accepted for half an hour. */
export function clockFinding(subject: string, aheadSecs: number | null): DoctorFinding {
  if (aheadSecs === null) return note(subject, "unknown: its responses have no date");
  const off = Math.abs(Math.round(aheadSecs));
  if (off <= NOTICED_SECS) return ok(subject, `${off} s from this machine's`);
  const detail = `${off} s ${aheadSecs > 0 ? "ahead of" : "behind"} this machine's`;
  if (off <= MAX_SECS)
    return note(subject, detail, "set the clocks: at a difference of half an hour, deliveries are quarantined");
  return wrong(subject, detail, "set the clocks: genuine deliveries are quarantined");
}
