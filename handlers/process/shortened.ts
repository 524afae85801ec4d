import type { Message } from "../clients/memory/memories.ts";

/**
 * The maximum length of the text of one memory, in bytes of UTF-8. The memory service documents no limit (its
 * openapi.json of 2026-08 has none), but a model reads the text. 100 kB are at most about 50,000 tokens in any script,
 * which the common models accept, and more than any captured call (161 turns: 100 kB of JSON, a tenth of it text).
 */
const LONGEST_TEXT_BYTES = 100_000;

/** Enough for the note about the omitted text. */
const NOTE_BYTES = 200;

/** The maximum length of each half that is kept, and of one message. */
const HALF_BYTES = (LONGEST_TEXT_BYTES - NOTE_BYTES) / 2;

/** The messages that remain. `messagesLeftOut` is the number of omitted ones; `undefined` if nothing was shortened. */
export interface Shortened {
  readonly messages: readonly Message[];
  readonly messagesLeftOut: number | undefined;
}

/**
 * Returns messages of at most 100 kB of text. If all fit, they are returned unchanged. Else whole messages at the
 * beginning and the end of the call remain, and one message between them states the number of omitted ones. A message
 * that is longer than half of the limit is shortened in its middle. The same messages always give the same result.
 */
export function shortened(messages: readonly Message[]): Shortened {
  if (bytesOf(messages) <= LONGEST_TEXT_BYTES) return { messages, messagesLeftOut: undefined };
  const cut = messages.map(withoutMiddle);
  if (bytesOf(cut) <= LONGEST_TEXT_BYTES) return { messages: cut, messagesLeftOut: 0 };
  const first = fitting(cut);
  const last = fitting(cut.slice(first).toReversed());
  const left = cut.length - first - last;
  const note: Message = { role: "assistant", content: `[… ${left} ${left === 1 ? "message" : "messages"} left out …]` };
  return { messages: [...cut.slice(0, first), note, ...cut.slice(cut.length - last)], messagesLeftOut: left };
}

/** The number of messages, from the first, that fit into one half. */
function fitting(messages: readonly Message[]): number {
  let bytes = 0;
  const over = messages.findIndex(({ content }) => {
    bytes += Buffer.byteLength(content);
    return bytes > HALF_BYTES;
  });
  return over === -1 ? messages.length : over;
}

function withoutMiddle({ role, content }: Message): Message {
  const bytes = Buffer.from(content);
  if (bytes.length <= HALF_BYTES) return { role, content };
  const side = (HALF_BYTES - NOTE_BYTES) / 2;
  const [end, start] = [characterBefore(bytes, side), characterBefore(bytes, bytes.length - side)];
  const note = `[… ${start - end} bytes left out …]`;
  return { role, content: `${bytes.toString("utf8", 0, end)} ${note} ${bytes.toString("utf8", start)}` };
}

/** The start of the character that contains the byte at `place`, so that no character is cut. */
function characterBefore(bytes: Buffer, place: number): number {
  let start = Math.floor(place);
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}

function bytesOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}
