import { at, boolean, isObject, list, words } from "./json.ts";
import { hasWords } from "./spoken-text.ts";

/**
 * What a transcript entry is. Only `said` has words that the person or the agent said.
 *
 * - contextual_update: what the customer's application sent to the agent
 * - backchannel: a short sound of the person that the agent ignored, such as "mhm"
 * - mailbox: the greeting of a machine that answered
 * - timeout: the platform ended a wait for the person (`user_turn_timeout`, `skip_turn_wait_elapsed`)
 * - tool: only tool calls or their results; file: only files that the person sent; silence: none of these
 */
export type TurnKind =
  | "said"
  | "tool"
  | "file"
  | "silence"
  | "timeout"
  | "contextual_update"
  | "backchannel"
  | "mailbox";

/**
 * The kind of an entry with the text `message`. `isMailbox` is whether a machine was on the person's side.
 *
 * The fields are those of `ConversationHistoryTranscriptResponseModel` of `@elevenlabs/elevenlabs-js` 2.73.0. The
 * platform event of an entry with words does not matter.
 */
export function kindOf(entry: unknown, message: string | null, isMailbox: boolean): TurnKind {
  if (isObject(at(entry, "contextual_update_info"))) return "contextual_update";
  if (boolean(at(entry, "ignored_as_backchannel")) === true) return "backchannel";
  if (hasWords(message)) return isMailbox && at(entry, "role") === "user" ? "mailbox" : "said";
  if (words(at(entry, "platform_event")) !== null) return "timeout";
  if (isFilled(entry, "tool_calls") || isFilled(entry, "tool_results")) return "tool";
  return isObject(at(entry, "file_input")) || isFilled(entry, "file_inputs") ? "file" : "silence";
}

function isFilled(entry: unknown, name: string): boolean {
  return list(at(entry, name)).length > 0;
}
