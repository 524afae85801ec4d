import { at, isObject, words } from "./json.ts";
import type { RoutedKind } from "./kinds/kind.ts";
import { type EventKind, kindOfType, ROUTED, typeOfData } from "./kinds/registry.ts";
import { type LeanJson, leanJson } from "./lean-json.ts";
import { withoutTranscript } from "./without-transcript.ts";

/** A body of a known type that contains a conversation id. */
export interface KnownEvent {
  readonly kind: EventKind;
  readonly type: string;
  readonly conversationId: string;
  /** The body. Its `data` is in the form that its kind reads. */
  readonly body: LeanJson;
  /** The parsed body, with its `data` as it was sent. */
  readonly sent: unknown;
}

/** Any other body. `reason` is why it cannot be stored with its conversation. */
export interface UnroutedEvent {
  readonly kind: "unrouted";
  readonly type: string;
  readonly conversationId: string | null;
  readonly reason: string;
}

/** The event in a body. */
export type DeliveredEvent = KnownEvent | UnroutedEvent;

/**
 * Returns the event in `body`. Checks only the type and the conversation id.
 *
 * A body without a type is the event that its data has the fields of. Its data may also be the whole body: that is how
 * ElevenLabs' API returns a conversation, and some deliveries come so (seen in 2026-11).
 *
 * Never throws: a body that cannot be parsed is an unrouted event.
 */
export function readEvent(body: Buffer): DeliveredEvent {
  const delivered = parsed(body);
  if (!delivered) return unrouted("not-json", null, "the body is not JSON");
  const json = inEnvelope(delivered);
  const type = words(at(json.value, "type"));
  if (!type) return unrouted("untyped", conversationIdIn(json), "the body has no type");
  const kind = kindOfType(type);
  if (!kind) return unrouted(type, conversationIdIn(json), "the type is not known to this version");
  const read = inReadForm(json, ROUTED[kind]);
  const conversationId = conversationIdIn(read);
  if (!conversationId) return unrouted(type, null, "data.conversation_id is missing");
  return { kind, type, conversationId, body: read, sent: json.value };
}

/**
 * Returns the event in `body`, like `readEvent`, but without its transcript and its recording. That is enough to
 * compute its key, and needs little memory even for a long call.
 */
export function readEnvelope(body: Buffer): DeliveredEvent {
  return readEvent(withoutTranscript(body));
}

/** The body with the envelope of a webhook: `type` and `data`. Unchanged if it has a type, or if its kind is unclear. */
function inEnvelope(json: LeanJson): LeanJson {
  if ((at(json.value, "type") ?? null) !== null) return json;
  const data = [at(json.value, "data"), json.value].find((each) => words(at(each, "conversation_id")) !== null);
  const type = typeOfData(data);
  if (type === undefined) return json;
  if (isObject(json.value) && json.value["data"] === data) return { ...json, value: { ...json.value, type, data } };
  const notNumbers = json.notNumbers.map((each) => ({ ...each, path: ["data", ...each.path] }));
  return { ...json, value: { type, data }, notNumbers };
}

/** The body with its `data` in the form that its kind reads. The same object if it was sent in that form. */
function inReadForm(json: LeanJson, { readForm }: RoutedKind): LeanJson {
  const sent = at(json.value, "data");
  const data = readForm?.(sent) ?? sent;
  return data === sent || !isObject(json.value) ? json : { ...json, value: { ...json.value, data } };
}

function conversationIdIn({ value }: LeanJson): string | null {
  return words(at(value, "data", "conversation_id"));
}

/** Whether `body` is JSON that the parser accepts. */
export function isJson(body: Buffer): boolean {
  return parsed(body) !== undefined;
}

function parsed(body: Buffer): LeanJson | undefined {
  try {
    return leanJson(body);
  } catch {
    // Any error, not only SyntaxError: JSON that is nested too deep is a RangeError.
    return undefined;
  }
}

function unrouted(type: string, conversationId: string | null, reason: string): UnroutedEvent {
  return { kind: "unrouted", type, conversationId, reason };
}
