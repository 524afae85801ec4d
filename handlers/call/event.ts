import { at, words } from "./json.ts";
import { type EventKind, kindOfType } from "./kinds/registry.ts";
import { type LeanJson, leanJson } from "./lean-json.ts";
import { withoutTranscript } from "./without-transcript.ts";

/** A body of a known type that says which conversation it belongs to. */
export interface KnownEvent {
  readonly kind: EventKind;
  readonly type: string;
  readonly conversationId: string;
  readonly body: LeanJson;
}

/** Any other body. `reason` says why it cannot be filed with its conversation. */
export interface UnroutedEvent {
  readonly kind: "unrouted";
  readonly type: string;
  readonly conversationId: string | null;
  readonly reason: string;
}

/** What a body holds. */
export type DeliveredEvent = KnownEvent | UnroutedEvent;

/**
 * Says what kind of event `body` is. Reads the type and the conversation id and judges nothing else.
 *
 * Never throws: a body that cannot be read is an event of an unknown kind.
 */
export function readEvent(body: Buffer): DeliveredEvent {
  const json = parsed(body);
  if (!json) return unrouted("not-json", null, "the body is not JSON");
  const type = words(at(json.value, "type"));
  const conversationId = words(at(json.value, "data", "conversation_id"));
  if (!type) return unrouted("untyped", conversationId, "the body has no type");
  const kind = kindOfType(type);
  if (!kind) return unrouted(type, conversationId, "the type is not known to this version");
  if (!conversationId) return unrouted(type, null, "data.conversation_id is missing");
  return { kind, type, conversationId, body: json };
}

/**
 * The event in `body`, as `readEvent` reads it, without its transcript and its recording: enough to say where it goes,
 * and cheap, however long the call was.
 */
export function readEnvelope(body: Buffer): DeliveredEvent {
  return readEvent(withoutTranscript(body));
}

/** Whether `body` is JSON that can be read. */
export function isJson(body: Buffer): boolean {
  return parsed(body) !== undefined;
}

function parsed(body: Buffer): LeanJson | undefined {
  try {
    return leanJson(body);
  } catch {
    // Not only SyntaxError: nesting too deep for the parser is a RangeError.
    return undefined;
  }
}

function unrouted(type: string, conversationId: string | null, reason: string): UnroutedEvent {
  return { kind: "unrouted", type, conversationId, reason };
}
