import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { type KnownEvent, readEvent } from "../call/event.ts";
import { at, isObject, text } from "../call/json.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { transcription } from "../call/kinds/transcription.ts";

/** What ElevenLabs sent when it was asked for a conversation is not that conversation. The message says what it is. */
export class NotTheConversation extends Error {
  override readonly name = "NotTheConversation";
}

/** A conversation that was fetched, as a webhook would have delivered it. */
export interface Fetched {
  readonly body: Buffer;
  readonly event: KnownEvent;
  /** What ElevenLabs says of it: `done`, `failed`, or that it is still at it. */
  readonly status: string | null;
}

/**
 * `data`, the bytes as ElevenLabs sent them, in the envelope that a webhook has. `sentAt` is when it sent them.
 *
 * @throws NotTheConversation if they are not the JSON of `conversationId`.
 */
export function inEnvelope(data: Buffer, conversationId: string, sentAt: Date): Fetched {
  // On its own: what follows a value, `{}, "type": "…"`, would be read as the envelope's.
  if (!isObject(parsedJson(data.toString()))) throw new NotTheConversation("what ElevenLabs sent is no conversation");
  const seconds = Math.floor(sentAt.getTime() / 1000);
  const opening = `{"type": "${transcription.types[0]}", "event_timestamp": ${seconds}, "data": `;
  const body = Buffer.concat([Buffer.from(opening), data, Buffer.from("}")]);
  const event = readEvent(body);
  if (!isKnown(event) || KINDS[event.kind].role !== "call")
    throw new NotTheConversation("what ElevenLabs sent is no conversation");
  if (event.conversationId !== conversationId)
    throw new NotTheConversation(`ElevenLabs sent another conversation, ${event.conversationId}`);
  return { body, event, status: text(at(event.body.value, "data", "status")) };
}
