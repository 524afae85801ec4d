import { type DoctorFinding, note, ok, wrong } from "./doctor-finding.ts";

/** A second or some of difference is what a network makes of it. */
const NOTICED_SECS = 60;

/** Half of what a signature may be old or new: the rest is for the way. */
const MAX_SECS = 900;

/** What a clock that is `aheadSecs` ahead of ours means for signatures, which are believed for half an hour. */
export function clockFinding(subject: string, aheadSecs: number | null): DoctorFinding {
  if (aheadSecs === null) return note(subject, "it does not tell the time");
  const off = Math.abs(Math.round(aheadSecs));
  if (off <= NOTICED_SECS) return ok(subject, `${off} s apart from this machine's`);
  const detail = `${off} s ${aheadSecs > 0 ? "ahead of" : "behind"} this machine's`;
  if (off <= MAX_SECS)
    return note(subject, detail, "set the clocks: a signature that is half an hour off is quarantined");
  return wrong(subject, detail, "set the clocks: genuine deliveries are quarantined");
}
