import { callerOf } from "./caller.ts";
import type { DeliveredEvent } from "./event.ts";
import { isKnown, KIND_NAMES, KINDS, type KindName } from "./kinds/registry.ts";
import { unrouted } from "./kinds/unrouted.ts";
import { slugged } from "./slug.ts";

/** Where the bytes of a genuine event go: beside the caller's other calls, or apart if nobody knows whose it is. */
export function rawKey(event: DeliveredEvent, body: Buffer): string {
  if (!isKnown(event)) return unrouted.key(event, body);
  return KINDS[event.kind].key(callerOf(event).folder, slugged(event.conversationId));
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
  readonly kind: KindName;
  /** The conversation id as keys write it: equal for all objects of one conversation. An unrouted one is on its own. */
  readonly conversation: string;
  /** The caller's folder; `null` where the key names nobody. */
  readonly caller: string | null;
}

/** What `key` holds, or `undefined` if there is nothing to process in it: indexes, recordings. */
export function parsedKey(key: string): RawKey | undefined {
  for (const kind of KIND_NAMES) {
    const found = KINDS[kind].keys.exec(key);
    if (!found) continue;
    const { caller = null, conversation = slugged(key) } = found.groups ?? {};
    return { kind, conversation, caller };
  }
  return undefined;
}

/** What the object at `key` is to its conversation; `undefined` if there is nothing to process in it. */
export function kindAt(key: string): (typeof KINDS)[KindName] | undefined {
  const name = parsedKey(key);
  return name && KINDS[name.kind];
}
