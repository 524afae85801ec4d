import { EVENT_TYPES, type KnownEvent, type OtherEvent, readEvent } from "../call/event.ts";
import type { RawKey } from "../call/keys.ts";
import { slugged } from "../call/slug.ts";
import { Unprocessable } from "./unprocessable.ts";

/**
 * The event in an object. It must be the one that its key names, if it names one: outputs land where the key says.
 *
 * @throws Unprocessable if it is another one.
 */
export function expectedEvent({ kind, conversation }: RawKey, body: Buffer): KnownEvent | OtherEvent {
  const event = readEvent(body);
  if (kind === "apart") return event;
  const expected = `${EVENT_TYPES[kind]} of ${conversation}`;
  if (event.kind === "other") throw new Unprocessable(`expected ${expected}, but ${event.reason}`);
  if (event.kind !== kind || slugged(event.conversationId) !== conversation) {
    const actual = `${EVENT_TYPES[event.kind]} of ${slugged(event.conversationId)}`;
    throw new Unprocessable(
      `expected ${expected}, but the object holds ${actual}: rename it or put it where it belongs`,
    );
  }
  return event;
}
