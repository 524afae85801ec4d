import { callerOf } from "./caller.ts";
import type { DeliveredEvent } from "./event.ts";
import { isKnown, KIND_NAMES, KINDS, type KindName } from "./kinds/registry.ts";
import { unrouted } from "./kinds/unrouted.ts";
import type { DefaultCountryCode } from "./phone-number.ts";
import { slugged } from "./slug.ts";

/** The key for the bytes of an event whose signature is genuine. An unrouted event gets a key under `_other/`. */
export function rawKey(event: DeliveredEvent, body: Buffer, defaultCountryCode: DefaultCountryCode): string {
  if (!isKnown(event)) return unrouted.key(event, body);
  return KINDS[event.kind].key(callerOf(event, defaultCountryCode).folder, slugged(event.conversationId));
}

/** The key of the recording of the transcription at `key`: in the same folder. */
export function mp3Key(key: string): string {
  return key.replace(/\.json$/, ".mp3");
}

/** The folder of the indexes. */
export const INDEX = "_index/";

/** The key of the index of a conversation. */
export function indexKey(conversationId: string): string {
  return `${INDEX}${slugged(conversationId)}`;
}

/** The parts of a key whose object is processed. */
export interface RawKey {
  readonly kind: KindName;
  /** The slug of the conversation id: equal for all objects of one conversation, unique for each unrouted object. */
  readonly conversation: string;
  /** The caller's folder; `null` if the key contains none. */
  readonly caller: string | null;
}

/** The parts of `key`, or `undefined` if its object is not processed: an index, a recording. */
export function parsedKey(key: string): RawKey | undefined {
  for (const kind of KIND_NAMES) {
    const found = KINDS[kind].keys.exec(key);
    if (!found) continue;
    const { caller = null, conversation = slugged(key) } = found.groups ?? {};
    return { kind, conversation, caller };
  }
  return undefined;
}

/** The kind of the object at `key`, or `undefined` if it is not processed. */
export function kindAt(key: string): (typeof KINDS)[KindName] | undefined {
  const name = parsedKey(key);
  return name && KINDS[name.kind];
}
