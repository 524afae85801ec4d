import { at, boolean, list, text } from "./json.ts";

/**
 * The number of entries, from the first, in which the person's side may be a mailbox: a greeting is not what the
 * person said. 0 if no mailbox answered.
 *
 * These are the entries before the detection of voicemail. A call whose result is `voicemail`, but which has no
 * detection, is a mailbox to its end. (`VoicemailDetectionSuccess` and `CallResult` of `@elevenlabs/elevenlabs-js`
 * 2.73.0.)
 */
export function mailboxEntryCount(data: unknown, transcript: readonly unknown[]): number {
  const detected = transcript.findLastIndex((entry) => list(at(entry, "tool_results")).some(isDetection));
  if (detected !== -1) return detected;
  return text(at(data, "metadata", "phone_call", "call_result")) === "voicemail" ? transcript.length : 0;
}

/** Whether the result of a tool states that voicemail was detected. The tool may have another name. */
function isDetection(result: unknown): boolean {
  const proof = text(at(result, "result", "result_type"));
  if (proof !== null) return proof === "voicemail_detection_success";
  const isTool =
    text(at(result, "tool_name")) === "voicemail_detection" && (at(result, "type") ?? "system") === "system";
  return isTool && boolean(at(result, "is_error")) !== true && boolean(at(result, "tool_has_been_called")) !== false;
}
