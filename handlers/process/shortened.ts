import type { Message } from "../clients/memory/memories.ts";

/**
 * How much text one memory may hold, in bytes of UTF-8. The memory service documents no limit (its openapi.json of 2026-08
 * names none), but its model reads the text: 100 kB are at most 50,000 tokens or so in any script, which the common models
 * take, and more than any captured call (161 turns: 100 kB of JSON, a tenth of it words).
 */
const LONGEST_TEXT_BYTES = 100_000;

/** Enough for a note that says what was left out. */
const NOTE_BYTES = 200;

/** Of each half of what is kept, and of one message. */
const HALF_BYTES = (LONGEST_TEXT_BYTES - NOTE_BYTES) / 2;

/** What is left of messages, and how many were left out; `messagesLeftOut` is `undefined` if nothing was shortened. */
export interface Shortened {
  readonly messages: readonly Message[];
  readonly messagesLeftOut: number | undefined;
}

/**
 * Messages that hold no more than 100 kB of text. Fewer bytes stay as they are. Of more, the beginning and the end of the
 * call stay, whole messages of them; one message says how many are missing in between. A message that alone is half of
 * it loses its own middle. The same messages always give the same.
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

/** How many of the first messages fit into one half. */
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

/** Where the character begins that the byte at `place` belongs to: a cut there tears none apart. */
function characterBefore(bytes: Buffer, place: number): number {
  let start = Math.floor(place);
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}

function bytesOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}
