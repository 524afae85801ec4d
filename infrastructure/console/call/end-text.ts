import type { Call } from "../api/queries.ts";

/** Reasons for the end of a call that have a shorter name. Others are shown in ElevenLabs' words. */
const REASONS: Readonly<Record<string, string>> = {
  "Call ended by remote party": "Caller hung up",
  "end_call tool was called.": "Agent ended it",
  "Call transferred to a phone number.": "Transferred to a phone number",
  "Conversation ended after inactivity.": "Ended after inactivity",
};

/** How a call ended. */
export function endText({ termination_reason, error_reason, status }: Call["conversation"]): string {
  if (error_reason) return error_reason;
  if (termination_reason) return REASONS[termination_reason] ?? termination_reason;
  return status === "initiation_failure" ? "The attempt failed" : "End";
}
