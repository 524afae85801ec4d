import { at, boolean, text, words } from "../json.ts";
import { toolResults } from "../tool-results.ts";

/** The results of a call that a machine answered: `voicemail` in the SDK's `CallResult` (2.73.0, 2026-11). */
const MACHINE = /^(voicemail|answering_machine|machine|fax)/;

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
  const [, valueKind = null] = KIND_IN_VALUE.exec(text(at(result, "result_value")) ?? "") ?? [];
  const kind = words(at(result, "result", "result_type")) ?? valueKind;
  if (kind !== null) return kind === "voicemail_detection_success";
  return (
    text(at(result, "tool_name")) === "voicemail_detection" &&
    (text(at(result, "type")) ?? "system") === "system" &&
    boolean(at(result, "is_error")) !== true &&
    boolean(at(result, "tool_has_been_called")) !== false
  );
}
