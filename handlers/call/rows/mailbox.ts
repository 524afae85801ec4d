import { at, list, words } from "../json.ts";
import { toolColumns } from "./tool-call-rows.ts";
import { type PlacedTool, toolsOf } from "./transcript-tools.ts";

/** The results of a call that a machine answered: `voicemail` in the SDK's `CallResult` (2.73.0, 2026-11). */
const MACHINE = /^(voicemail|answering_machine|machine|fax)/;

/**
 * Whether a machine answered the call; `null` if nothing states what answered.
 *
 * A detected mailbox is the stronger proof: for the carrier a mailbox may have answered like a person.
 */
export function isMachine(data: unknown): boolean | null {
  if (MACHINE.test(callResult(data)) || toolsOf(transcriptIn(data)).some(isDetection)) return true;
  return callResult(data) === "answered" ? false : null;
}

/**
 * The number of entries, from the first, in which the person's side may be a mailbox: a greeting is not what the person
 * said. 0 if no mailbox answered.
 *
 * These are the entries before the detection of a mailbox. A call whose result is a machine, but which has no detection,
 * is a mailbox to its end.
 */
export function mailboxEntryCount(data: unknown): number {
  const transcript = transcriptIn(data);
  const detection = toolsOf(transcript).findLast(isDetection);
  if (detection) return transcript.lastIndexOf(detection.place.turn);
  return MACHINE.test(callResult(data)) ? transcript.length : 0;
}

/**
 * Whether the result of a tool states that a mailbox was detected.
 *
 * The customer may rename ElevenLabs' own tool, of type `system`, so the type of the result decides. The name decides
 * if the result has no type. A customer's own tool may have any name.
 */
function isDetection(tool: PlacedTool): boolean {
  if (tool.result === undefined) return false;
  const { result_type, tool_name, tool_type, called, is_error } = toolColumns(tool);
  if (result_type !== null) return result_type === "voicemail_detection_success";
  const isOwn = tool_name === "voicemail_detection" && (tool_type ?? "system") === "system";
  return isOwn && is_error !== true && called !== false;
}

function transcriptIn(data: unknown): readonly unknown[] {
  return list(at(data, "transcript"));
}

function callResult(data: unknown): string {
  return (words(at(data, "metadata", "phone_call", "call_result")) ?? "").trim().toLowerCase();
}
