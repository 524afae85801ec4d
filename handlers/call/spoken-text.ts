import { WORDS } from "../../queries/tables/turns.ts";
import { at, list, text } from "./json.ts";

const HAS_WORDS = new RegExp(WORDS, "u");

/** Whether a text has words: a letter, a digit or a symbol. The queries use the same definition. */
export function hasWords(spoken: string | null): spoken is string {
  return spoken !== null && HAS_WORDS.test(spoken);
}

/**
 * The text of a transcript entry. A text that several voices spoke is in parts, and `message` may then be null or empty
 * (`ConversationHistoryMultivoiceMessageModel` of `@elevenlabs/elevenlabs-js` 2.73.0; deliveries of 2026-11).
 */
export function messageOf(entry: unknown): string | null {
  const message = text(at(entry, "message"));
  if (hasWords(message)) return message;
  const parts = list(at(entry, "multivoice_message", "parts")).map((part) => text(at(part, "text"))?.trim());
  const joined = parts.filter(Boolean).join(" ");
  return hasWords(joined) ? joined : message;
}
