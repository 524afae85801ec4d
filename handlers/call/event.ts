import { at, words } from "./json.ts";
import { type LeanJson, leanJson } from "./lean-json.ts";
import { withoutTranscript } from "./without-transcript.ts";

/** The `type`s that this version processes. All others are kept and set apart. */
export const EVENT_TYPES = {
  transcription: "post_call_transcription",
  audio: "post_call_audio",
  failure: "call_initiation_failure",
} as const;

export type EventKind = keyof typeof EVENT_TYPES;

/** A body of a known type that says which conversation it belongs to. */
export interface KnownEvent {
  readonly kind: EventKind;
  readonly conversationId: string;
  readonly body: LeanJson;
}

/** Any other body. `reason` says why it cannot be filed with its conversation. */
export interface OtherEvent {
  readonly kind: "other";
  readonly type: string;
  readonly conversationId: string | null;
  readonly reason: string;
}

/**
 * Says what kind of event `body` is. Reads the type and the conversation id and judges nothing else.
 *
 * Never throws: a body that cannot be read is an event of an unknown kind.
 */
export function readEvent(body: Buffer): KnownEvent | OtherEvent {
  const json = parsed(body);
  if (!json) return other("not-json", null, "the body is not JSON");
  const type = words(at(json.value, "type"));
  const conversationId = words(at(json.value, "data", "conversation_id"));
  if (!type) return other("untyped", conversationId, "the body has no type");
  const kind = kindOf(type);
  if (!kind) return other(type, conversationId, "the type is not known to this version");
  if (!conversationId) return other(type, null, "data.conversation_id is missing");
  return { kind, conversationId, body: json };
}

/**
 * The event in `body`, as `readEvent` reads it, without its transcript and its recording: enough to say where it goes,
 * and cheap, however long the call was.
 */
export function readEnvelope(body: Buffer): KnownEvent | OtherEvent {
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

function kindOf(type: string): EventKind | undefined {
  if (type === EVENT_TYPES.transcription) return "transcription";
  if (type === EVENT_TYPES.audio) return "audio";
  if (type === EVENT_TYPES.failure) return "failure";
  return undefined;
}

function other(type: string, conversationId: string | null, reason: string): OtherEvent {
  return { kind: "other", type, conversationId, reason };
}
