import type { ToolCallRow } from "../../../queries/tables/tool-calls.ts";
import { at, words } from "../json.ts";

/** The results of a call that a machine answered: `voicemail` in the SDK's `CallResult` (2.73.0, 2026-11). */
const MACHINE = /^(voicemail|answering_machine|machine|fax)/;

/**
 * Whether a machine answered the call with these `tools`; `null` if nothing states what answered.
 *
 * A detected mailbox is the stronger proof: for the carrier a mailbox may have answered like a person.
 */
export function isMachine(data: unknown, tools: readonly ToolCallRow[]): boolean | null {
  const result = (words(at(data, "metadata", "phone_call", "call_result")) ?? "").trim().toLowerCase();
  if (MACHINE.test(result) || tools.some(isDetectedMailbox)) return true;
  return result === "answered" ? false : null;
}

/**
 * Whether the result of a tool states that a mailbox was detected.
 *
 * The customer may rename ElevenLabs' own tool, of type `system`, so the type of the result decides. The name decides
 * if the result has no type. A customer's own tool may have any name.
 */
function isDetectedMailbox({ result_type, tool_name, tool_type, called, is_error }: ToolCallRow): boolean {
  if (result_type !== null) return result_type === "voicemail_detection_success";
  const isOwn = tool_name === "voicemail_detection" && (tool_type ?? "system") === "system";
  return isOwn && is_error === false && called !== false;
}
