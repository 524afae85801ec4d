import { type KnownEvent, readEvent } from "../call/event.ts";
import { at, text } from "../call/json.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { transcription } from "../call/kinds/transcription.ts";
import { sentValue } from "../call/sent-json.ts";

/** ElevenLabs' response is not the requested conversation. The message states what it is. */
export class NotTheConversation extends Error {
  override readonly name = "NotTheConversation";
}

const NO_CONVERSATION = "ElevenLabs did not send a conversation";

/** A fetched conversation, in the format of a webhook. */
export interface Fetched {
  readonly body: Buffer;
  readonly event: KnownEvent;
  /** The status at ElevenLabs: `done`, `failed`, or one of a call that is not over. */
  readonly status: string | null;
}

/**
 * Returns `data`, the bytes from ElevenLabs, inside the envelope of a webhook. `sentAt` is when ElevenLabs sent them.
 *
 * @throws NotTheConversation if they are not the JSON of `conversationId`.
 */
export function inEnvelope(data: Buffer, conversationId: string, sentAt: Date): Fetched {
  // Parsed separately: bytes after the object, such as `{}, "type": "…"`, would become part of the envelope.
  if (sentValue(data.toString()) === undefined) throw new NotTheConversation(NO_CONVERSATION);
  const seconds = Math.floor(sentAt.getTime() / 1000);
  const opening = `{"type": "${transcription.types[0]}", "event_timestamp": ${seconds}, "data": `;
  const body = Buffer.concat([Buffer.from(opening), data, Buffer.from("}")]);
  const event = readEvent(body);
  if (!isKnown(event) || KINDS[event.kind].role !== "call") throw new NotTheConversation(NO_CONVERSATION);
  if (event.conversationId !== conversationId)
    throw new NotTheConversation(`ElevenLabs sent another conversation: ${event.conversationId}`);
  return { body, event, status: text(at(event.body.value, "data", "status")) };
}
