import { type DeliveredEvent, readEvent } from "../call/event.ts";
import type { RawKey } from "../call/keys.ts";
import { isKnown, KINDS } from "../call/kinds/registry.ts";
import { slugged } from "../call/slug.ts";
import { Unprocessable } from "./unprocessable.ts";

/**
 * The event in an object. Its kind and its conversation must be those of its key, because the key determines the place
 * of all outputs. An unrouted object may contain any event.
 *
 * @throws Unprocessable if the event does not match the key.
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
      `expected ${expected}, but the object contains ${actual}: move it to the key of its kind and conversation`,
    );
  }
  return event;
}
