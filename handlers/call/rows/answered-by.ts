import { at, boolean, text, words } from "../json.ts";
import { toolResults } from "../tool-results.ts";

/** The results of a call that a machine answered: `voicemail` in the SDK's `CallResult` (2.73.0, 2026-11). */
const MACHINE = /^(voicemail|answering_machine|machine|fax)/;

/** The kind of the result of a detected mailbox. */
const DETECTED = "voicemail_detection_success";

/** The kind of a result whose value is a text with JSON. */
const KIND_IN_VALUE = /"result_type": *"([a-z_]+)"/;

/**
 * Whether a machine answered the call; `null` if nothing states what answered.
 *
 * A detected mailbox is the stronger proof: for the carrier a mailbox may have answered like a person.
 */
export function isMachine(data: unknown): boolean | null {
  const result =
    words(at(data, "metadata", "phone_call", "call_result"))
      ?.trim()
      .toLowerCase() ?? "";
  if (MACHINE.test(result) || toolResults(at(data, "transcript")).some(isDetectedMailbox)) return true;
  return result === "answered" ? false : null;
}

/**
 * Whether a tool result states that a mailbox was detected.
 *
 * The customer may rename ElevenLabs' own tool, of type `system`, so the kind of the result decides. The name decides
 * if the result has no kind. A customer's own tool may have any name.
 */
function isDetectedMailbox(result: unknown): boolean {
  const kind = words(at(result, "result", "result_type"));
  if (kind !== null) return kind === DETECTED;
  const isSystemTool = (text(at(result, "type")) ?? "system") === "system";
  if (!isSystemTool || boolean(at(result, "is_error")) || boolean(at(result, "tool_has_been_called")) === false)
    return false;
  const [, kindInValue] = KIND_IN_VALUE.exec(text(at(result, "result_value")) ?? "") ?? [];
  if (kindInValue !== undefined) return kindInValue === DETECTED;
  return text(at(result, "tool_name")) === "voicemail_detection";
}
