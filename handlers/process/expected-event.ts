import { type DeliveredEvent, readEvent } from "../call/event.ts";
import type { RawKey } from "../call/keys.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { slugged } from "../call/slug.ts";
import { Unprocessable } from "./unprocessable.ts";

/**
 * The event in an object. It must be the one that its key names, if it names one: outputs land where the key says.
 *
 * @throws Unprocessable if it is another one.
 */
export function expectedEvent({ kind, conversation }: RawKey, body: Buffer): DeliveredEvent {
  const event = readEvent(body);
  const itsKind = KINDS[kind];
  if (!itsKind.isRouted) return event;
  const expected = `${itsKind.types.join(" or ")} of ${conversation}`;
  if (!isKnown(event)) throw new Unprocessable(`expected ${expected}, but ${event.reason}`);
  if (event.kind !== kind || slugged(event.conversationId) !== conversation) {
    const actual = `${event.type} of ${slugged(event.conversationId)}`;
    throw new Unprocessable(
      `expected ${expected}, but the object holds ${actual}: rename it or put it where it belongs`,
    );
  }
  return event;
}
