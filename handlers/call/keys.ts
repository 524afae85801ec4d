import { callerOf } from "./caller.ts";
import { sha256 } from "./digest.ts";
import type { EventKind, KnownEvent, OtherEvent } from "./event.ts";
import { EVENT_TYPES } from "./event.ts";
import { slugged } from "./slug.ts";

/** Where events lie that no kind of call is known for. */
export const OTHER = "_other/";

/** Where events lie that were signed outside the tolerance. */
export const QUARANTINE = "_quarantine/";

/** Where the bytes of a genuine event go: beside the caller's other calls, or apart if nobody knows whose it is. */
export function rawKey(event: KnownEvent | OtherEvent, body: Buffer): string {
  if (event.kind === "other") return `${OTHER}${slugged(event.type)}/${apartName(event, body)}.json`;
  const id = slugged(event.conversationId);
  if (event.kind === "audio") return `_audio/${id}.json`;
  return `${callerOf(event).folder}/${id}${event.kind === "failure" ? ".failure" : ""}.json`;
}

/** Where an event goes that was signed correctly, but too long ago to be let in. */
export function quarantineKey(event: KnownEvent | OtherEvent, body: Buffer): string {
  const type = event.kind === "other" ? event.type : EVENT_TYPES[event.kind];
  return `${QUARANTINE}${slugged(type)}/${apartName(event, body)}.json`;
}

/** Where an audio event of this conversation lies, if it was delivered. */
export function deliveredAudioKey(conversationId: string): string {
  return `_audio/${slugged(conversationId)}.json`;
}

/** Where the recording of the transcription at `key` goes: beside it. */
export function mp3Key(key: string): string {
  return key.replace(/\.json$/, ".mp3");
}

/** Where it is noted what became of a conversation. */
export function indexKey(conversationId: string): string {
  return `_index/${slugged(conversationId)}`;
}

/** A key that the processor has work with. */
export interface RawKey {
  /** What kind of event it is, or that it was set apart, whatever it is. */
  readonly kind: EventKind | "apart";
  /** The conversation id as keys write it: equal for all objects of one conversation. One set apart is on its own. */
  readonly conversation: string;
  /** The caller's folder; `null` where the key names nobody. */
  readonly caller: string | null;
}

const CALL = /^([A-Za-z0-9-][A-Za-z0-9_-]{0,127})\/([A-Za-z0-9_-]{1,128})(\.failure)?\.json$/;
const APART = /^_(other|quarantine)\/[A-Za-z0-9_-]{1,128}\/[A-Za-z0-9_-]{1,128}\.json$/;
const AUDIO = /^_audio\/([A-Za-z0-9_-]{1,128})\.json$/;

/** What `key` holds, or `undefined` if there is nothing to process in it: indexes, recordings. */
export function parsedKey(key: string): RawKey | undefined {
  const audio = AUDIO.exec(key)?.[1];
  if (audio) return { kind: "audio", conversation: audio, caller: null };
  if (APART.test(key)) return { kind: "apart", conversation: slugged(key), caller: null };
  const [, caller, conversation, failure] = CALL.exec(key) ?? [];
  if (!caller || !conversation) return undefined;
  return { kind: failure ? "failure" : "transcription", conversation, caller };
}

function apartName(event: KnownEvent | OtherEvent, body: Buffer): string {
  return event.conversationId ? slugged(event.conversationId) : sha256(body);
}
